// FrameKM, the bundles of Hivemapper's dash cams: a JSON index {bundle: {name, …}, frames: [{bytes, lat, lon, alt, t, …}, …]}
// beside a file of JPEGs, one after the other, `bytes` long each. The index is a track, and says where the pictures lie.
#include "ingest/telemetry/formats.hpp"
#include "ingest/text_clean.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::ingest {
namespace {

using nlohmann::json;

constexpr std::size_t kSearchLength = 4096;
constexpr std::size_t kLargest = 16 << 20;   ///< an index of 20,000 frames has 10 MB
constexpr int kDeepest = 8;
constexpr std::size_t kLargestFrame = 64 << 20;

bool recognises(ByteView bytes) {
  const auto head = text_of(bytes.first(std::min(bytes.size(), kSearchLength)));
  const auto start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || head[start] != '{') return false;
  return head.find("\"bundle\"") != std::string_view::npos && head.find("\"numFrames\"") != std::string_view::npos;
}

std::optional<double> number_in(const json& frame, const char* name, double least, double most) {
  const auto found = frame.find(name);
  if (found == frame.end() || !found->is_number()) return std::nullopt;
  const auto number = found->get<double>();
  return number >= least && number <= most ? std::optional{number} : std::nullopt;
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? clean_text(found->get_ref<const std::string&>(), 128) : std::string{};
}

BundledFrame frame_from(const json& item) {
  BundledFrame frame;
  if (!item.is_object()) return frame;
  frame.bytes = static_cast<std::size_t>(number_in(item, "bytes", 0, kLargestFrame).value_or(0));
  const auto ms = number_in(item, "t", 0, 5e12), lat = number_in(item, "lat", -1e9, 1e9), lon = number_in(item, "lon", -1e9, 1e9);
  if (!ms || !lat || !lon) return frame;
  frame.time = time_at(UtcTime{}, *ms / 1000);
  frame.place = StatedPlace{*lat, *lon};
  frame.details.altitude_m = number_in(item, "alt", -12'000, 20'000);
  frame.details.accuracy_m = number_in(item, "eph", 0.001, 1e6);
  if (const auto kmh = number_in(item, "speed", 0, 3600)) frame.details.speed_mps = *kmh / 3.6;
  return frame;
}

std::variant<TrackFile, Refusal> read(ByteView bytes, UtcTime received_at) {
  if (bytes.size() > kLargest) return Refusal{Reason::file_too_large, "an index has at most 16 MB"};
  bool too_deep = false;
  const auto shallow = [&](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  const auto index = json::parse(text_of(bytes), shallow, false);
  if (too_deep || !index.is_object()) return Refusal{Reason::broken_file, "the index of the bundle is no JSON object"};
  const auto bundle = index.find("bundle"), frames = index.find("frames");
  if (bundle == index.end() || !bundle->is_object() || frames == index.end() || !frames->is_array()) {
    return Refusal{Reason::broken_file, "the index has no bundle or no frames"};
  }
  TrackBuilder points{received_at};
  std::vector<BundledFrame> bundled;
  for (const auto& item : *frames) {
    bundled.push_back(frame_from(item));
    if (!points.add(bundled.back().time, bundled.back().place, bundled.back().details)) break;
  }
  auto result = std::move(points).result();
  if (auto* found = std::get_if<TrackFile>(&result)) {
    found->frames = std::move(bundled);
    found->bundle = text_in(*bundle, "name");
    found->model = text_in(*bundle, "deviceType");
  }
  return result;
}

}  // namespace

const TrackFormat kFrameKm{"FrameKM", recognises, read};

}  // namespace cairn::ingest
