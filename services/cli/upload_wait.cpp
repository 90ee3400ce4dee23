#include "services/cli/upload_wait.hpp"

#include "services/cli/progress.hpp"
#include "services/cli/upload_patience.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace cairn::cli {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::size_t kMostLine = 1 << 20;

std::string duration_text(double seconds) {
  if (seconds < 90) return std::to_string(static_cast<int>(std::max(1.0, seconds))) + " s";
  if (seconds < 90 * 60) return std::to_string(static_cast<int>(seconds / 60 + 0.5)) + " min";
  return std::to_string(static_cast<int>(seconds / 3600 + 0.5)) + " h";
}

/// Follows one stream until it says ready, or ends. Whether it was one at all.
bool follow_events(HttpClient& client, const std::string& set_path, StatusLine& line) {
  bool ready = false;
  EventReader reader{[&](const std::string& name, const std::string& data) {
    if (name != "progress") return;
    const auto summary = json::parse(data, nullptr, false);
    if (!summary.is_object()) return;
    ready = summary.value("ready", false);
    line.show(waiting_line(summary));
  }};
  const auto answer = client.follow(set_path + "/events", [&](std::string_view piece) {
    reader.add(piece);
    return !ready;
  });
  return answer.status == 200;
}

}  // namespace

void EventReader::add(std::string_view piece) {
  unread_.append(piece);
  std::size_t from = 0;
  for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', from)) {
    take_line(unread_.substr(from, end - from));
    from = end + 1;
  }
  unread_.erase(0, from);
  if (unread_.size() > kMostLine) throw HttpTrouble{"the server's events have lines without an end"};
}

void EventReader::take_line(const std::string& line) {
  if (line.starts_with("event: ")) name_ = line.substr(7);
  if (line.starts_with("data: ")) data_ = line.substr(6);
  if (!line.empty()) return;
  if (!data_.empty()) on_event_(name_, data_);
  name_.clear();
  data_.clear();
}

std::string waiting_line(const json& summary) {
  int files = 0;
  int done = 0;
  const auto steps = summary.value("files_by_step", json::object());
  for (const auto& [step, count] : steps.items()) {
    files += count.get<int>();
    if (step == "fused" || step == "on_the_map" || step == "refused") done += count.get<int>();
  }
  auto line = "checking: " + std::to_string(done) + " of " + std::to_string(files) + " files have their verdict";
  const auto queue = summary.value("queue", json::object());
  if (const auto before = queue.value("jobs_before", 0); before > 0) line += ", " + std::to_string(before) + " jobs of others go first";
  if (queue.contains("estimate_s")) line += ", about " + duration_text(queue["estimate_s"].get<double>()) + " left";
  return line;
}

json wait_for_verdicts(HttpClient& client, const std::string& set_path) {
  StatusLine line;
  auto pause = 250ms;
  while (true) {
    bool followed = false;
    try {
      followed = follow_events(client, set_path, line);
    } catch (const HttpTrouble&) {
      // The question below is patient, and throws when the server stays away.
    }
    auto status = answer_in_json(patiently([&] { return client.get(set_path + "/status"); }), "asking for the status");
    if (status.value("ready", false)) return status;
    line.show(waiting_line(status));
    if (followed) continue;
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::milliseconds>(2 * pause, 5s);
  }
}

}  // namespace cairn::cli
