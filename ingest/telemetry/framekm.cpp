// FrameKM, the bundles of Hivemapper's dash cams: a JSON index {bundle: {name, …}, frames: [{bytes, lat, lon, alt, t, …}, …]}
// beside a file of JPEGs, one after the other, `bytes` long each. The index is a track, and says where the pictures lie.
#include "ingest/telemetry/formats.hpp"
#include "ingest/text_clean.hpp"

#include <simdjson.h>

#include <algorithm>

namespace cairn::ingest {
namespace {

using simdjson::dom::object;

constexpr std::size_t kSearchLength = 4096;
constexpr std::size_t kLargest = 16 << 20;   ///< an index of 20,000 frames has 10 MB; it is parsed in at most 13 times its size
constexpr int kDeepest = 8;
constexpr std::size_t kLargestFrame = 64 << 20;

bool recognises(ByteView bytes) {
  const auto head = text_of(bytes.first(std::min(bytes.size(), kSearchLength)));
  const auto start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || head[start] != '{') return false;
  return head.find("\"bundle\"") != std::string_view::npos && head.find("\"numFrames\"") != std::string_view::npos;
}

std::optional<double> number_from(simdjson::dom::element value, double least, double most) {
  double number = 0;
  return value.get(number) == simdjson::SUCCESS && number >= least && number <= most ? std::optional{number} : std::nullopt;
}

std::string text_in(const object& from, const char* name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? clean_text(text, 128) : std::string{};
}

BundledFrame frame_from(simdjson::dom::element item) {
  BundledFrame frame;
  object fields;
  if (item.get(fields) != simdjson::SUCCESS) return frame;
  std::optional<double> ms, lat, lon, kmh;
  for (const auto [name, value] : fields) {
    if (name == "bytes") frame.bytes = static_cast<std::size_t>(number_from(value, 0, kLargestFrame).value_or(0));
    if (name == "t") ms = number_from(value, 0, 5e12);
    if (name == "lat") lat = number_from(value, -1e9, 1e9);
    if (name == "lon") lon = number_from(value, -1e9, 1e9);
    if (name == "alt") frame.details.altitude_m = number_from(value, -12'000, 20'000);
    if (name == "eph") frame.details.accuracy_m = number_from(value, 0.001, 1e6);
    if (name == "speed") kmh = number_from(value, 0, 3600);
  }
  if (ms) frame.time = time_at(UtcTime{}, *ms / 1000);
  if (lat && lon) frame.place = StatedPlace{*lat, *lon};
  if (kmh) frame.details.speed_mps = *kmh / 3.6;
  return frame;
}

std::variant<TrackFile, Refusal> read(ByteView bytes, UtcTime received_at) {
  if (bytes.size() > kLargest) return Refusal{Reason::file_too_large, "an index has at most 16 MB"};
  simdjson::dom::parser parser{kLargest};
  object index, bundle;
  simdjson::dom::array frames;
  const bool is_json = !bytes.empty() && parser.allocate(bytes.size(), kDeepest) == simdjson::SUCCESS && parser.parse(text_of(bytes).data(), bytes.size()).get(index) == simdjson::SUCCESS;
  if (!is_json) return Refusal{Reason::broken_file, "the index of the bundle is no JSON object"};
  if (index["bundle"].get(bundle) != simdjson::SUCCESS || index["frames"].get(frames) != simdjson::SUCCESS) {
    return Refusal{Reason::broken_file, "the index has no bundle or no frames"};
  }
  TrackBuilder points{received_at};
  std::vector<BundledFrame> bundled;
  for (const auto item : frames) {
    bundled.push_back(frame_from(item));
    if (!points.add(bundled.back().time, bundled.back().place, bundled.back().details)) break;
  }
  auto result = std::move(points).result();
  if (auto* found = std::get_if<TrackFile>(&result)) {
    found->frames = std::move(bundled);
    found->bundle = text_in(bundle, "name");
    found->model = text_in(bundle, "deviceType");
  }
  return result;
}

}  // namespace

const TrackFormat kFrameKm{"FrameKM", recognises, read};

}  // namespace cairn::ingest
