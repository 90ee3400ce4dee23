#include "ingest/decode_file.hpp"

#include "ingest/heif.hpp"
#include "ingest/video.hpp"

namespace cairn::ingest {
namespace {

DecodeReport decode_picture(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink) {
  DecodeReport report{.kind = FileKind::picture};
  const auto read = read_picture(file, rules);
  if (const auto* refusal = std::get_if<Refusal>(&read)) {
    report.refusal = *refusal;
    return report;
  }
  if (!is_heif(file.bytes)) {
    sink(std::get<Capture>(read), file.bytes);
  } else if (const auto jpeg = jpeg_from_heif(file.bytes, rules); const auto* broken = std::get_if<Refusal>(&jpeg)) {
    report.refusal = *broken;
    return report;
  } else {
    sink(std::get<Capture>(read), std::get<Bytes>(jpeg));
  }
  report.frames = 1;
  return report;
}

DecodeReport decode_track(const FileToDecode& file) {
  DecodeReport report{.kind = FileKind::track};
  auto read = read_track(file.bytes, file.received_at);
  if (auto* track = std::get_if<Track>(&read)) {
    report.track = std::move(*track);
  } else {
    report.refusal = std::get<Refusal>(read);
  }
  return report;
}

}  // namespace

DecodeReport decode_file(const FileToDecode& file, const DecodeRules& rules, const FrameSink& sink) {
  if (file.bytes.empty()) return {.refusal = Refusal{Reason::empty_file, ""}};
  const auto kind = kind_of(file.bytes);
  if (!kind) return {.refusal = Refusal{Reason::not_supported, advice_about(file.bytes)}};
  switch (*kind) {
    case FileKind::picture: return decode_picture(file, rules, sink);
    case FileKind::video: return decode_video(file, rules, sink);
    case FileKind::track: return decode_track(file);
  }
  return {.refusal = Refusal{Reason::not_supported, ""}};
}

}  // namespace cairn::ingest
