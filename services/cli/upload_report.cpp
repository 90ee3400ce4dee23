#include "services/cli/upload_report.hpp"

#include <algorithm>
#include <iostream>

namespace cairn::cli {
namespace {

using nlohmann::json;

void print_line(const std::string& name, const json& what) {
  std::cout << "  " << name << "  " << what.value("state", "?");
  if (what.contains("reason")) std::cout << " (" << what.value("reason", "") << "): " << what.value("sentence", "");
  if (what.value("frames", 0) > 1) std::cout << ", " << what.value("frames", 0) << " frames";
  std::cout << "\n";
  for (const auto& note : what.value("notes", json::array())) std::cout << "    " << note.value("reason", "") << ": " << note.value("sentence", "") << "\n";
}

/// Files of which the catalogue has no row: name and why.
std::map<std::string, std::string> not_taken(const UploadResults& results) {
  std::map<std::string, std::string> names;
  for (const auto& [name, receipt] : results) {
    const auto outcome = receipt.value("outcome", "");
    if (outcome == "name_taken" || outcome == "not_taken") names[name] = receipt.value("message", outcome);
  }
  return names;
}

void print(const json& status, const std::map<std::string, std::string>& left_out) {
  for (const auto& file : status.at("files")) print_line(file.value("name", "?"), file);
  for (const auto& [name, why] : left_out) std::cout << "  " << name << "  not taken: " << why << "\n";
  int on_the_map = 0;
  int refused = 0;
  for (const auto& frame : status.at("frames")) {
    on_the_map += frame.value("state", "") == "published" ? 1 : 0;
    if (frame.value("state", "") != "refused") continue;
    ++refused;
    print_line("frame of " + frame.value("file_name", "?"), frame);
  }
  std::cout << status.at("files").size() + left_out.size() << " files; frames: " << on_the_map << " on the map, " << refused << " refused; "
            << status.at("sequences").size() << " sequence(s)\n";
}

}  // namespace

UploadCode report_upload(const UploadOptions& options, json status, const UploadResults& results) {
  const auto left_out = not_taken(results);
  const auto refused = std::ranges::count_if(status.at("files"), [](const json& file) { return file.value("state", "") == "refused"; });
  if (options.json) {
    status["not_taken"] = left_out;
    std::cout << status.dump(2) << "\n";
  } else {
    print(status, left_out);
  }
  return refused == 0 && left_out.empty() ? all_taken : some_refused;
}

}  // namespace cairn::cli
