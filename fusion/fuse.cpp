#include "fusion/fuse.hpp"

#include "fusion/agreement.hpp"
#include "fusion/decimal_text.hpp"
#include "fusion/heading.hpp"
#include "fusion/plausibility.hpp"
#include "fusion/sighting.hpp"
#include "fusion/trajectory.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::fusion {
namespace {

/// The reason that the quality gate names first; blurred when it names none that is known.
Refusal refusal_for(const Quality& quality) {
  for (const auto& code : quality.reasons) {
    if (const auto reason = reason_from_code(code)) return {*reason, "quality score " + decimal_text(quality.score, 2)};
  }
  return {Reason::blurred, "quality score " + decimal_text(quality.score, 2)};
}

/// What a device says, unless it says nothing or what no device can mean.
double number_or(const std::optional<double>& claimed, double otherwise) {
  return claimed && std::abs(*claimed) < 1e5 ? *claimed : otherwise;  // false for NaN
}

/// What the device claims, for frames that took no part.
FrameVerdict untouched(const ObservedFrame& frame, const FuseRules& rules) {
  const auto& fix = frame.capture.fix;
  FrameVerdict verdict;
  verdict.frame = frame.capture.id;
  verdict.refusal = frame.refusal;
  verdict.quality = frame.observation.quality.score;
  verdict.pose = {fix.taken_at,
                  fix.place,
                  number_or(fix.altitude_m, 0),
                  heading_within_circle(number_or(fix.heading_deg, 0)),
                  number_or(fix.accuracy_m, rules.default_accuracy_m),
                  0};
  return verdict;
}

Values values_of(const Agreement& agreement) {
  return {{"motion_windows", static_cast<double>(agreement.windows)},
          {"motion_visual_spread_dps", agreement.visual_spread_dps},
          {"motion_track_spread_dps", agreement.track_spread_dps},
          {"motion_correlation", agreement.correlation},
          {"motion_lag_s", agreement.lag_s},
          {"motion_residual_dps", agreement.residual_dps},
          {"motion_informative", agreement.informative ? 1.0 : 0.0},
          {"motion_llr", agreement.turning_llr},
          {"still_share", agreement.still_share},
          {"still_llr", agreement.still_llr},
          {"signed_llr", agreement.signed_llr},
          {"trust", agreement.trust}};
}

std::string contradiction(const Agreement& agreement) {
  if (agreement.still_llr < agreement.turning_llr) {
    return decimal_text(agreement.still_share * 100, 2) + " % of the pictures stand still while the track drives";
  }
  return "turns in the pictures and on the track correlate by " + decimal_text(agreement.correlation, 2) + " over " +
         std::to_string(agreement.windows) + " s";
}

/// Everything that was found about a sequence, point by point where it has points.
struct Findings {
  Trajectory trajectory;
  Headings headings;
  std::vector<Plausibility> plausibility;
  Agreement agreement;
};

void judge(FrameVerdict& verdict, const ObservedFrame& frame, const Findings& found, std::size_t i,
           const FuseRules& rules) {
  const auto& point = found.trajectory.points[i];
  const auto& plausibility = found.plausibility[i];
  const auto& fix = frame.capture.fix;
  verdict.pose.place = moved(found.trajectory.origin, point.at);
  verdict.pose.accuracy_m = point.accuracy_m;
  verdict.pose.heading_deg = found.headings.per_point[i].deg;
  verdict.pose.speed_mps = found.trajectory.points.size() > 1 ? point.speed_mps : number_or(fix.speed_mps, 0);
  verdict.values = {{"shift_m", point.shift_m},
                    {"speed_mps", point.speed_mps},
                    {"acceleration_mps2", plausibility.acceleration_mps2},
                    {"stuck_s", plausibility.stuck_s},
                    {"heading_sigma_deg", found.headings.per_point[i].sigma_deg}};
  if (frame.observation.quality.decision == QualityDecision::reject) {
    verdict.refusal = refusal_for(frame.observation.quality);
  } else if (plausibility.refusal) {
    verdict.refusal = plausibility.refusal;
  } else if (found.agreement.trust < rules.least_trust) {
    verdict.refusal = Refusal{Reason::motion_contradicts, contradiction(found.agreement)};
  }
}

Values summary_of(const Findings& found, const Sightings& sightings) {
  Values values = values_of(found.agreement);
  values.push_back({"track_noise_scale", found.trajectory.noise_scale});
  values.push_back({"heading_source", static_cast<double>(found.headings.source)});
  values.push_back({"mount_deg", found.headings.mount_deg});
  values.push_back({"object_tracks", static_cast<double>(sightings.tracks)});
  values.push_back({"sightings", static_cast<double>(sightings.sightings.size())});
  values.push_back({"camera_yaw_deg", sightings.yaw_deg});
  values.push_back({"camera_yaw_sigma_deg", sightings.yaw_sigma_deg});
  return values;
}

}  // namespace

FusedSequence fuse(const SequenceToFuse& sequence, const FuseRules& rules) {
  Findings found;
  found.trajectory = smoothed_trajectory(sequence, rules);
  found.headings = headings_of(sequence, found.trajectory);
  found.plausibility = plausibility_of(sequence, found.trajectory, rules);
  found.agreement = agreement_of(sequence, found.trajectory);

  FusedSequence fused;
  for (const auto& frame : sequence.frames) fused.verdicts.push_back(untouched(frame, rules));
  std::vector<bool> refused;
  for (std::size_t i = 0; i < found.trajectory.points.size(); ++i) {
    const auto index = found.trajectory.points[i].frame;
    judge(fused.verdicts[index], sequence.frames[index], found, i, rules);
    refused.push_back(!fused.verdicts[index].accepted() || sequence.frames[index].hidden);
  }
  for (std::size_t i = 0; i < fused.verdicts.size(); ++i) {
    auto& verdict = fused.verdicts[i];
    verdict.trust = found.agreement.trust;
    for (const auto& value : values_of(found.agreement)) verdict.values.push_back(value);
    if (sequence.frames[i].capture.fix.receiver_signed) verdict.values.push_back({"receiver_signed", 1});
  }
  auto sightings = sightings_of(sequence, found.trajectory, found.headings, refused, rules);
  fused.values = summary_of(found, sightings);
  fused.sightings = std::move(sightings.sightings);
  return fused;
}

}  // namespace cairn::fusion
