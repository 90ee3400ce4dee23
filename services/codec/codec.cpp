#include "services/codec/codec.hpp"

#include "records.pb.h"

#include <stdexcept>

namespace cairn::codec {
namespace {

template <class AnyId>
AnyId id_from(const std::string& text) {
  const auto id = AnyId::parse(text);
  if (!id) throw std::runtime_error{"a record holds '" + text + "' where an id belongs"};
  return *id;
}

void write_place(LatLon place, records::Place* to) {
  to->set_lat_e7(place.lat_e7());
  to->set_lon_e7(place.lon_e7());
}

LatLon place_from(const records::Place& record) {
  const auto place = LatLon::from_e7(record.lat_e7(), record.lon_e7());
  if (!place) throw std::runtime_error{"a record holds a place that is not on the globe"};
  return *place;
}

void write_values(const Values& values, google::protobuf::RepeatedPtrField<records::Value>* to) {
  for (const auto& value : values) {
    auto* record = to->Add();
    record->set_name(value.name);
    record->set_value(value.value);
  }
}

Values values_from(const google::protobuf::RepeatedPtrField<records::Value>& records) {
  Values values;
  for (const auto& record : records) values.push_back({record.name(), record.value()});
  return values;
}

void write_detection(const Detection& detection, records::Detection* to) {
  to->set_object(std::string{code_of(detection.object)});
  to->set_left(detection.box.left);
  to->set_top(detection.box.top);
  to->set_right(detection.box.right);
  to->set_bottom(detection.box.bottom);
  to->set_score(detection.score);
}

ObjectClass object_from(const std::string& code) {
  const auto object = object_class_from_code(code);
  if (!object) throw std::runtime_error{"a record names the unknown object class '" + code + "'"};
  return *object;
}

Detection detection_from(const records::Detection& record) {
  return {object_from(record.object()), {record.left(), record.top(), record.right(), record.bottom()}, record.score()};
}

std::string code_of_decision(QualityDecision decision) {
  switch (decision) {
    case QualityDecision::accept: return "accept";
    case QualityDecision::degrade: return "degrade";
    case QualityDecision::reject: return "reject";
  }
  return "reject";
}

QualityDecision decision_from(const std::string& code) {
  if (code == "accept") return QualityDecision::accept;
  if (code == "degrade") return QualityDecision::degrade;
  return QualityDecision::reject;  // unsure counts as refused
}

template <class T>
std::optional<T> maybe(bool there, T value) {
  return there ? std::optional<T>{value} : std::nullopt;
}

void write_quality(const Quality& quality, records::Quality* to) {
  to->set_decision(code_of_decision(quality.decision));
  to->set_score(quality.score);
  for (const auto& reason : quality.reasons) to->add_reasons(reason);
  write_values(quality.values, to->mutable_values());
}

Quality quality_from(const records::Quality& record) {
  return {decision_from(record.decision()), record.score(), {record.reasons().begin(), record.reasons().end()},
          values_from(record.values())};
}

void write_motion(const Motion& motion, records::Motion* to) {
  to->set_tracked_points(motion.tracked_points);
  to->set_inlier_share(motion.inlier_share);
  to->set_median_flow_px(motion.median_flow_px);
  if (motion.yaw_deg) to->set_yaw_deg(*motion.yaw_deg);
  if (motion.forward) to->set_forward(*motion.forward);
}

Motion motion_from(const records::Motion& record) {
  return {record.tracked_points(), record.inlier_share(), record.median_flow_px(),
          maybe(record.has_yaw_deg(), record.yaw_deg()), maybe(record.has_forward(), record.forward())};
}

void write_pose(const Pose& pose, records::Pose* to) {
  to->set_taken_at(micros_of(pose.taken_at));
  write_place(pose.place, to->mutable_place());
  to->set_altitude_m(pose.altitude_m);
  to->set_heading_deg(pose.heading_deg);
  to->set_accuracy_m(pose.accuracy_m);
  to->set_speed_mps(pose.speed_mps);
}

Pose pose_from(const records::Pose& record) {
  return {time_from_micros(record.taken_at()), place_from(record.place()), record.altitude_m(),
          record.heading_deg(), record.accuracy_m(), record.speed_mps()};
}

}  // namespace

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
  return record;
}

Fix from_record(const records::Fix& record) {
  return {time_from_micros(record.taken_at()),
          place_from(record.place()),
          maybe(record.has_altitude_m(), record.altitude_m()),
          maybe(record.has_accuracy_m(), record.accuracy_m()),
          maybe(record.has_speed_mps(), record.speed_mps()),
          maybe(record.has_heading_deg(), record.heading_deg())};
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

records::Observation to_record(const Observation& observation) {
  records::Observation record;
  record.set_width_px(observation.width_px);
  record.set_height_px(observation.height_px);
  write_quality(observation.quality, record.mutable_quality());
  for (const auto& detection : observation.detections) write_detection(detection, record.add_detections());
  if (observation.motion) write_motion(*observation.motion, record.mutable_motion());
  record.set_phash(observation.phash);
  record.mutable_redaction()->set_model(observation.redaction.model);
  write_values(observation.redaction.thresholds, record.mutable_redaction()->mutable_thresholds());
  for (const auto& hidden : observation.redaction.hidden) write_detection(hidden, record.mutable_redaction()->add_hidden());
  return record;
}

Observation from_record(const records::Observation& record) {
  Observation observation;
  observation.width_px = record.width_px();
  observation.height_px = record.height_px();
  observation.quality = quality_from(record.quality());
  for (const auto& detection : record.detections()) observation.detections.push_back(detection_from(detection));
  if (record.has_motion()) observation.motion = motion_from(record.motion());
  observation.phash = record.phash();
  observation.redaction.model = record.redaction().model();
  observation.redaction.thresholds = values_from(record.redaction().thresholds());
  for (const auto& hidden : record.redaction().hidden()) observation.redaction.hidden.push_back(detection_from(hidden));
  return observation;
}

records::Verdict to_record(const FrameVerdict& verdict) {
  records::Verdict record;
  record.set_frame(verdict.frame.text());
  if (verdict.refusal) *record.mutable_refusal() = to_record(*verdict.refusal);
  write_pose(verdict.pose, record.mutable_pose());
  record.set_trust(verdict.trust);
  record.set_quality(verdict.quality);
  write_values(verdict.values, record.mutable_values());
  return record;
}

FrameVerdict from_record(const records::Verdict& record) {
  FrameVerdict verdict;
  verdict.frame = id_from<FrameId>(record.frame());
  if (record.has_refusal()) verdict.refusal = from_record(record.refusal());
  verdict.pose = pose_from(record.pose());
  verdict.trust = record.trust();
  verdict.quality = record.quality();
  verdict.values = values_from(record.values());
  return verdict;
}

records::Sighting to_record(const Sighting& sighting) {
  records::Sighting record;
  record.set_id(sighting.id.text());
  record.set_sequence(sighting.sequence.text());
  record.set_contributor(sighting.contributor.text());
  record.set_object(std::string{code_of(sighting.object)});
  write_place(sighting.place, record.mutable_place());
  record.set_height_m(sighting.height_m);
  record.set_accuracy_m(sighting.accuracy_m);
  if (sighting.facing_deg) record.set_facing_deg(*sighting.facing_deg);
  record.set_score(sighting.score);
  record.set_first_seen(micros_of(sighting.first_seen));
  record.set_last_seen(micros_of(sighting.last_seen));
  for (const auto& frame : sighting.frames) record.add_frames(frame.text());
  return record;
}

Sighting from_record(const records::Sighting& record) {
  Sighting sighting;
  sighting.id = id_from<SightingId>(record.id());
  sighting.sequence = id_from<SequenceId>(record.sequence());
  sighting.contributor = id_from<AccountId>(record.contributor());
  sighting.object = object_from(record.object());
  sighting.place = place_from(record.place());
  sighting.height_m = record.height_m();
  sighting.accuracy_m = record.accuracy_m();
  sighting.facing_deg = maybe(record.has_facing_deg(), record.facing_deg());
  sighting.score = record.score();
  sighting.first_seen = time_from_micros(record.first_seen());
  sighting.last_seen = time_from_micros(record.last_seen());
  for (const auto& frame : record.frames()) sighting.frames.push_back(id_from<FrameId>(frame));
  return sighting;
}

records::Feature to_record(const Feature& feature) {
  records::Feature record;
  record.set_id(feature.id.text());
  record.set_object(std::string{code_of(feature.object)});
  record.set_confirmed(feature.state == FeatureState::confirmed);
  write_place(feature.place, record.mutable_place());
  record.set_height_m(feature.height_m);
  record.set_accuracy_m(feature.accuracy_m);
  if (feature.facing_deg) record.set_facing_deg(*feature.facing_deg);
  record.set_existence(feature.existence);
  record.set_first_seen(micros_of(feature.first_seen));
  record.set_last_seen(micros_of(feature.last_seen));
  record.set_views(feature.views);
  record.set_contributors(feature.contributors);
  for (const auto& sighting : feature.sightings) record.add_sightings(sighting.text());
  return record;
}

Feature from_record(const records::Feature& record) {
  Feature feature;
  feature.id = id_from<FeatureId>(record.id());
  feature.object = object_from(record.object());
  feature.state = record.confirmed() ? FeatureState::confirmed : FeatureState::seen;
  feature.place = place_from(record.place());
  feature.height_m = record.height_m();
  feature.accuracy_m = record.accuracy_m();
  feature.facing_deg = maybe(record.has_facing_deg(), record.facing_deg());
  feature.existence = record.existence();
  feature.first_seen = time_from_micros(record.first_seen());
  feature.last_seen = time_from_micros(record.last_seen());
  feature.views = record.views();
  feature.contributors = record.contributors();
  for (const auto& sighting : record.sightings()) feature.sightings.push_back(id_from<SightingId>(sighting));
  return feature;
}

}  // namespace cairn::codec
