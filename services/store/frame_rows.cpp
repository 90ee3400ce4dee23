#include "services/store/frame_rows.hpp"

#include "services/codec/codec.hpp"

namespace cairn::store {
namespace {

Stated stated_from(const soci::row& row) {
  Stated stated;
  stated.taken_at = maybe_time(row, "stated_at");
  if (const auto lat = maybe_int(row, "stated_lat_e7")) stated.place = LatLon::from_e7(*lat, int_of(row, "stated_lon_e7"));
  stated.heading_deg = maybe_double(row, "stated_heading_deg");
  stated.pitch_deg = maybe_double(row, "stated_pitch_deg");
  stated.roll_deg = maybe_double(row, "stated_roll_deg");
  return stated;
}

}  // namespace

FrameRow frame_from(const soci::row& row) {
  FrameRow frame;
  frame.id = id_of<FrameId>(row, "id");
  frame.upload_set = id_of<UploadSetId>(row, "upload_set_id");
  frame.file = id_of<FileId>(row, "file_id");
  frame.account = id_of<AccountId>(row, "account_id");
  frame.file_name = text_of_row(row, "file_name");
  frame.content = digest_of(row, "content");
  frame.capture = codec::capture_from_json(text_of_row(row, "capture"));
  frame.sequence = maybe_id<SequenceId>(row, "sequence_id");
  frame.rank = static_cast<int>(int_of(row, "rank"));
  frame.state = frame_state_from(text_of_row(row, "state"));
  if (const auto json = maybe_text(row, "observation")) frame.observation = codec::observation_from_json(*json);
  if (const auto json = maybe_text(row, "verdict")) frame.verdict = codec::verdict_from_json(*json);
  frame.refusal = maybe_refusal(row);
  frame.duplicate_of = maybe_id<FrameId>(row, "duplicate_of");
  frame.taken_at = time_of(row, "taken_at");
  frame.place = place_of(row);
  frame.heading_deg = maybe_double(row, "heading_deg");
  frame.hd = maybe_digest(row, "hd");
  frame.sd = maybe_digest(row, "sd");
  frame.thumb = maybe_digest(row, "thumb");
  frame.published = int_of(row, "published") != 0;
  if (const auto ordinal = maybe_int(row, "line_ordinal")) frame.line_ordinal = static_cast<int>(*ordinal);
  if (const auto zoom = maybe_int(row, "line_zoom")) frame.line_zoom = static_cast<int>(*zoom);
  frame.shown_rank = static_cast<int>(maybe_int(row, "shown_rank").value_or(frame.rank));
  frame.shown_to = text_of_row(row, "shown_to");
  frame.stated = stated_from(row);
  return frame;
}

}  // namespace cairn::store
