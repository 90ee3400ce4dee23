#include "ingest/claim_check.hpp"
#include "ingest/decode_file.hpp"
#include "ingest/heif.hpp"
#include "ingest/jpeg_outline.hpp"
#include "ingest/mapillary_tags.hpp"
#include "ingest/picture_tags.hpp"
#include "ingest/text_clean.hpp"
#include "ingest/track_lookup.hpp"

#include <cmath>

namespace cairn::ingest {
namespace {

constexpr double kDiagonal35mm_mm = 43.2666;  ///< of 36 x 24 mm; CIPA DCG-001 compares angles of view along the diagonal
constexpr std::size_t kLongestHint = 128;

std::optional<double> within(std::optional<double> value, double least, double most) {
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

template <class T>
std::optional<T> first_of(const std::optional<T>& best, const std::optional<T>& next) {
  return best ? best : next;
}

/// What counts of a picture of either format.
struct Contents {
  int width_px = 0;
  int height_px = 0;
  PictureTags tags;
};

/// Focal length in pixels of the stored width, or nothing when what is said can't be true of a camera.
std::optional<double> focal_px_of(const Contents& picture) {
  const auto& tags = picture.tags;
  if (tags.projection != Projection::flat) return std::nullopt;
  std::optional<double> focal_px;
  if (within(tags.focal_35mm, 1, 3000)) {
    focal_px = *tags.focal_35mm * std::hypot(picture.width_px, picture.height_px) / kDiagonal35mm_mm;
  } else if (tags.focal_mm && tags.sensor_px_per_mm) {
    const double scale = within(tags.exif_width_px, 1, 1e6) ? picture.width_px / *tags.exif_width_px : 1;
    focal_px = *tags.focal_mm * *tags.sensor_px_per_mm * scale;
  }
  return within(focal_px, 0.1 * picture.width_px, 50.0 * picture.width_px);
}

std::optional<double> heading_of(const FileToDecode& file, const PictureTags& tags, const MapillaryTags& more) {
  const auto stated = first_of(file.overrides.heading_deg, first_of(tags.heading_deg, more.heading_deg));
  const auto heading = within(stated, -360, 720);
  return heading ? std::optional{heading_within_circle(*heading)} : std::nullopt;
}

/// Where the camera's clock ran, as well as it is known before the time is.
std::optional<LatLon> place_of_clock(const FileToDecode& file, const std::optional<StatedPlace>& stated) {
  if (file.overrides.place) return file.overrides.place;
  if (stated && !check_place(*stated)) return LatLon::from_degrees(stated->lat_deg, stated->lon_deg);
  for (const auto& track : file.sidecars) {
    if (!track.empty()) return track.front().place;
  }
  return std::nullopt;
}

/// Place, altitude, speed and accuracy at a time, from the sender's word, the picture, or a sidecar track, in this order.
std::variant<Fix, Refusal> fix_of(const FileToDecode& file, const PictureTags& tags, const MapillaryTags& more, UtcTime time) {
  Fix fix{.taken_at = time,
          .altitude_m = within(first_of(tags.altitude_m, more.altitude_m), -12'000, 20'000),
          .accuracy_m = within(first_of(tags.accuracy_m, more.accuracy_m), 0, 1e6),
          .speed_mps = within(tags.speed_mps, 0, 1000)};
  const auto stated = first_of(tags.place, more.place);
  if (file.overrides.place) {
    fix.place = *file.overrides.place;
  } else if (stated && !check_place(*stated)) {
    fix.place = *LatLon::from_degrees(stated->lat_deg, stated->lon_deg);
  } else if (auto there = fix_at(file.sidecars, time)) {
    there->heading_deg.reset();  // the course of the track is no direction of view
    fix = *there;
  } else if (stated) {
    return *check_place(*stated);
  } else if (!file.sidecars.empty()) {
    return Refusal{Reason::no_place, "no track covers " + to_iso8601(time)};
  } else {
    return Refusal{Reason::no_place, ""};
  }
  if (auto refusal = check_place(fix.place)) return *refusal;
  return fix;
}

Camera camera_of(const Contents& picture, const MapillaryTags& more) {
  const auto& tags = picture.tags;
  return {.make = tags.make.empty() ? clean_text(more.make, 64) : tags.make,
          .model = tags.model.empty() ? clean_text(more.model, 64) : tags.model,
          .width_px = picture.width_px,
          .height_px = picture.height_px,
          .projection = tags.projection,
          .focal_px = focal_px_of(picture),
          .focal_mm = within(tags.focal_mm, 0.1, 3000)};
}

std::variant<Contents, Refusal> contents_of_jpeg(ByteView jpeg, const DecodeRules& rules) {
  const auto outline = outline_of(jpeg);
  if (auto refusal = check_outline(outline, rules)) return *refusal;
  return Contents{outline.width_px, outline.height_px, picture_tags_of(outline.exif, outline.xmp)};
}

std::variant<Contents, Refusal> contents_of_heif(ByteView heif, const DecodeRules& rules) {
  const auto read = heif_outline_of(heif);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
  const auto& outline = std::get<HeifOutline>(read);
  if (auto refusal = check_size(outline.width_px, outline.height_px, rules)) return *refusal;
  Contents picture{outline.width_px, outline.height_px, picture_tags_of(outline.exif, outline.xmp)};
  picture.tags.orientation = 1;  // the format's own turns were applied
  return picture;
}

}  // namespace

std::variant<Capture, Refusal> read_picture(const FileToDecode& file, const DecodeRules& rules) {
  if (file.bytes.empty()) return Refusal{Reason::empty_file, ""};
  if (kind_of(file.bytes) != FileKind::picture) return Refusal{Reason::not_supported, advice_about(file.bytes)};
  const auto read = is_heif(file.bytes) ? contents_of_heif(file.bytes, rules) : contents_of_jpeg(file.bytes, rules);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;

  const auto& picture = std::get<Contents>(read);
  const auto& tags = picture.tags;
  const auto more = mapillary_tags_of(tags.description);
  const auto clock_place = place_of_clock(file, first_of(tags.place, more.place));
  const auto time = first_of(file.overrides.taken_at, first_of(capture_time_of(tags.time, clock_place), more.taken_at));
  if (!time) return Refusal{Reason::no_time, ""};
  if (auto refusal = check_time(*time, file.received_at, rules.clock_skew)) return *refusal;
  auto fix = fix_of(file, tags, more, *time);
  if (const auto* refusal = std::get_if<Refusal>(&fix)) return *refusal;

  Capture capture{.id = frame_id_of(file.account, file.content, 0),
                  .fix = std::get<Fix>(fix),
                  .camera = camera_of(picture, more),
                  .orientation = tags.orientation,
                  .sequence_hint = clean_text(more.sequence, kLongestHint),
                  .pitch_deg = within(tags.pitch_deg, -180, 180),
                  .roll_deg = within(tags.roll_deg, -180, 180)};
  capture.fix.heading_deg = heading_of(file, tags, more);
  return capture;
}

}  // namespace cairn::ingest
