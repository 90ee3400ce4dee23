// What a server would refuse, found out here with the code that the server uses.

#include "ingest/decode_file.hpp"
#include "services/cli/upload.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/file_view.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <map>

namespace cairn::cli {
namespace {

using nlohmann::json;

constexpr ingest::DecodeRules kOneFrame{.most_frames_per_video = 1};  // enough to know that a video can be decoded

struct Look {
  std::string kind;
  std::optional<Refusal> refusal;
};

/// What has been seen so far of the files that would go together.
struct Together {
  bool has_track = false;
  std::map<std::string, std::string> pictures;   ///< by scan hash: the first file of each
};

ingest::FileToDecode file_of(const FileToSend& file, ByteView bytes) {
  return {.name = file.name, .bytes = bytes, .account = {}, .content = {}, .received_at = services::now_utc(), .overrides = {}, .sidecars = {}};
}

std::optional<Refusal> picture_refusal(const FileToSend& file, ByteView bytes, Together& together) {
  const auto claims = ingest::read_picture(file_of(file, bytes), {});
  if (const auto* refusal = std::get_if<Refusal>(&claims)) {
    const bool track_may_help = refusal->reason == Reason::no_place || refusal->reason == Reason::no_time;
    if (!track_may_help || !together.has_track) return *refusal;
  }
  const auto scan = ingest::scan_hash_of(bytes);
  if (!scan) return std::nullopt;
  const auto [first, is_new] = together.pictures.emplace(*scan, file.name);
  return is_new ? std::nullopt : std::optional{Refusal{Reason::file_duplicate, "file " + first->second}};
}

Look look_at(const FileToSend& file, Together& together) {
  const store::FileView view{file.path};
  if (view.bytes().empty()) return {"file", Refusal{Reason::empty_file, ""}};
  const auto kind = ingest::kind_of(view.bytes());
  if (!kind) return {"file", Refusal{Reason::not_supported, ""}};
  if (*kind == ingest::FileKind::picture) return {"picture", picture_refusal(file, view.bytes(), together)};
  const auto report = ingest::decode_file(file_of(file, view.bytes()), kOneFrame, [](const Capture&, ByteView) {});
  if (*kind == ingest::FileKind::video) {
    const bool track_may_help = report.refusal && report.refusal->reason == Reason::no_place && together.has_track;
    return {"video", track_may_help ? std::nullopt : report.refusal};
  }
  if (!report.refusal) together.has_track = true;
  return {"track", report.refusal};
}

json told(const FileToSend& file, const Look& look) {
  json line{{"name", file.name}, {"kind", look.kind}, {"state", look.refusal ? "refused" : "taken"}};
  if (!look.refusal) return line;
  line["reason"] = code_of(look.refusal->reason);
  line["sentence"] = std::string{sentence_of(look.refusal->reason)} + (look.refusal->detail.empty() ? "" : " Found: " + look.refusal->detail + ".");
  return line;
}

void print(const json& line) {
  std::cout << "  " << line.value("name", "") << "  " << line.value("kind", "") << ", would be " << line.value("state", "");
  if (line.contains("reason")) std::cout << " (" << line.value("reason", "") << "): " << line.value("sentence", "");
  std::cout << "\n";
}

}  // namespace

UploadCode run_dry(const UploadOptions& options, const std::vector<FileToSend>& files) {
  Together together;
  auto lines = json::array();
  std::size_t refused = 0;
  for (const auto& file : files) {
    const auto look = look_at(file, together);
    refused += look.refusal ? 1 : 0;
    lines.push_back(told(file, look));
    if (!options.json) print(lines.back());
  }
  if (options.json) std::cout << json{{"files", lines}}.dump(2) << "\n";
  if (!options.json) std::cout << files.size() << " files, of which " << refused << " would be refused; nothing was sent\n";
  return refused == 0 ? all_taken : some_refused;
}

}  // namespace cairn::cli
