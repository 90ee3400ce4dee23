// What a device recorded, and why something was refused.

#include "services/codec/codec.hpp"
#include "services/codec/record_parts.hpp"

namespace cairn::codec {

records::Refusal to_record(const Refusal& refusal) {
  records::Refusal record;
  record.set_code(std::string{code_of(refusal.reason)});
  record.set_detail(refusal.detail);
  return record;
}

Refusal from_record(const records::Refusal& record) {
  const auto reason = reason_from_code(record.code());
  if (!reason) throw std::runtime_error{"a record names the unknown reason '" + record.code() + "'"};
  return {*reason, record.detail()};
}

records::Fix to_record(const Fix& fix) {
  records::Fix record;
  record.set_taken_at(micros_of(fix.taken_at));
  write_place(fix.place, record.mutable_place());
  if (fix.altitude_m) record.set_altitude_m(*fix.altitude_m);
  if (fix.accuracy_m) record.set_accuracy_m(*fix.accuracy_m);
  if (fix.speed_mps) record.set_speed_mps(*fix.speed_mps);
  if (fix.heading_deg) record.set_heading_deg(*fix.heading_deg);
  record.set_receiver_signed(fix.receiver_signed);
  return record;
}

Fix from_record(const records::Fix& record) {
  return {time_from_micros(record.taken_at()),
          place_from(record.place()),
          maybe(record.has_altitude_m(), record.altitude_m()),
          maybe(record.has_accuracy_m(), record.accuracy_m()),
          maybe(record.has_speed_mps(), record.speed_mps()),
          maybe(record.has_heading_deg(), record.heading_deg()),
          record.receiver_signed()};
}

records::Capture to_record(const Capture& capture) {
  records::Capture record;
  record.set_id(capture.id.text());
  *record.mutable_fix() = to_record(capture.fix);
  auto* camera = record.mutable_camera();
  camera->set_make(capture.camera.make);
  camera->set_model(capture.camera.model);
  camera->set_width_px(capture.camera.width_px);
  camera->set_height_px(capture.camera.height_px);
  camera->set_equirectangular(capture.camera.projection == Projection::equirectangular);
  if (capture.camera.focal_px) camera->set_focal_px(*capture.camera.focal_px);
  if (capture.camera.focal_mm) camera->set_focal_mm(*capture.camera.focal_mm);
  record.set_orientation(capture.orientation);
  record.set_sequence_hint(capture.sequence_hint);
  if (capture.pitch_deg) record.set_pitch_deg(*capture.pitch_deg);
  if (capture.roll_deg) record.set_roll_deg(*capture.roll_deg);
  return record;
}

Capture from_record(const records::Capture& record) {
  const auto& camera = record.camera();
  return {id_from<FrameId>(record.id()),
          from_record(record.fix()),
          {camera.make(), camera.model(), camera.width_px(), camera.height_px(),
           camera.equirectangular() ? Projection::equirectangular : Projection::flat,
           maybe(camera.has_focal_px(), camera.focal_px()),
           maybe(camera.has_focal_mm(), camera.focal_mm())},
          record.orientation(),
          record.sequence_hint(),
          maybe(record.has_pitch_deg(), record.pitch_deg()),
          maybe(record.has_roll_deg(), record.roll_deg())};
}

}  // namespace cairn::codec
