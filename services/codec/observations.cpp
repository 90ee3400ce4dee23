// What was seen in a frame, and what was decided about it.

#include "services/codec/codec.hpp"
#include "services/codec/record_parts.hpp"

namespace cairn::codec {
namespace {

void write_detection(const Detection& detection, records::Detection* to) {
  to->set_object(std::string{code_of(detection.object)});
  to->set_left(detection.box.left);
  to->set_top(detection.box.top);
  to->set_right(detection.box.right);
  to->set_bottom(detection.box.bottom);
  to->set_score(detection.score);
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

}  // namespace cairn::codec
