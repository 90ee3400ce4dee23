// What inspect and fuse need to know.

#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/keys.hpp"
#include "services/coordinator/stated.hpp"
#include "services/store/devices.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

namespace cairn::coordinator {
namespace {

using nlohmann::json;
using store::Session;

void write_frame(const store::FrameRow& frame, bus::FrameToInspect* to) {
  to->set_id(frame.id.text());
  to->set_content(frame.content.hex());
  to->set_orientation(frame.capture.orientation);
  to->set_equirectangular(frame.capture.camera.projection == Projection::equirectangular);
  if (frame.capture.camera.focal_px) to->set_focal_px(*frame.capture.camera.focal_px);
}

/// Whether a frame keeps its refusal when its sequence is fused: what fusion itself found against it is judged anew, and so is a
/// frame with an observation that only a fuse job which was given up refused.
bool keeps_refusal(const store::FrameRow& frame) {
  switch (frame.refusal->reason) {
    case Reason::blurred:
    case Reason::too_dark:
    case Reason::over_exposed:
    case Reason::motion_contradicts:
    case Reason::implausible_track: return false;
    case Reason::processing_failed: return !frame.observation;
    default: return true;
  }
}

}  // namespace

bool is_hidden(const store::FrameRow& frame) { return frame.shown_to != "anyone" || is_withdrawn(frame); }

bool brief_inspect(Session& session, const store::LeasedJob& job, bus::InspectTask* task) {
  const auto key = inspect_key_from(job.key);
  if (!key) return false;
  const int first = key->batch * kInspectBatch + 1;
  for (const auto& frame : store::frames_of_sequence(session, key->sequence, first - 1, first + kInspectBatch - 1)) {
    if (is_withdrawn(frame)) continue;  // its bytes may be gone
    write_frame(frame, frame.rank < first ? task->mutable_before() : task->add_frames());
  }
  return task->frames_size() > 0;
}

bool brief_fuse(Session& session, const store::LeasedJob& job, bus::FuseTask* task) {
  const auto id = SequenceId::parse(job.key);
  const auto sequence = id ? store::find_sequence(session, *id) : std::nullopt;
  if (!sequence) return false;
  task->set_sequence(sequence->id.text());
  task->set_contributor(sequence->account.text());
  if (const auto set = store::find_upload_set(session, sequence->upload_set)) {
    if (const auto relative = number_in(json::parse(set->rules_json, nullptr, false), "relative_heading")) task->set_relative_heading_deg(*relative);
  }
  for (const auto& frame : store::frames_of_sequence(session, *id)) {
    auto* observed = task->add_frames();
    *observed->mutable_capture() = codec::to_record(frame.capture);
    if (frame.observation) *observed->mutable_observation() = codec::to_record(*frame.observation);
    observed->set_hidden(is_hidden(frame));
    if (frame.refusal && keeps_refusal(frame)) *observed->mutable_refusal() = codec::to_record(*frame.refusal);
  }
  if (task->frames_size() > 0) task->set_signed_share(static_cast<double>(store::signed_frames_of(session, *id)) / task->frames_size());
  return true;
}

}  // namespace cairn::coordinator
