#include "services/coordinator/briefs.hpp"

#include "core/tile_id.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/devices.hpp"
#include "services/store/frames.hpp"
#include "services/store/map.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>

namespace cairn::coordinator {
namespace {

using nlohmann::json;
using store::LeasedJob;
using store::Session;

void write_lease(const LeasedJob& job, bus::Lease* lease) {
  lease->set_job(job.id);
  lease->set_stage(std::string{store::name_of(job.stage)});
  lease->set_key(job.key);
  lease->set_tenant(job.tenant);
  lease->set_token(job.token);
  lease->set_attempts(job.attempts);
  lease->set_deaths(job.deaths);
}

std::optional<double> number_in(const json& object, const char* name) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? std::optional{found->get<double>()} : std::nullopt;
}

/// What the sender stated, as the gateway stored it; a value of the wrong type counts as not stated.
void write_overrides(const std::string& text, bus::DecodeTask* task) {
  const auto overrides = json::parse(text, nullptr, false);
  if (!overrides.is_object()) return;
  const auto number = [&](const char* name) { return number_in(overrides, name); };
  if (const auto found = overrides.find("taken_at"); found != overrides.end() && found->is_string()) {
    if (const auto time = time_from_iso8601(found->get<std::string>())) task->set_taken_at(micros_of(*time));
  }
  if (const auto lat = number("lat_deg"), lon = number("lon_deg"); lat && lon) {
    if (const auto place = LatLon::from_degrees(*lat, *lon)) {
      task->mutable_place()->set_lat_e7(place->lat_e7());
      task->mutable_place()->set_lon_e7(place->lon_e7());
    }
  }
  if (const auto heading = number("heading_deg")) task->set_heading_deg(*heading);
}

bool brief_decode(Session& session, const LeasedJob& job, bus::DecodeTask* task) {
  const auto id = FileId::parse(job.key);
  const auto file = id ? store::find_file(session, *id) : std::nullopt;
  if (!file || (file->state != store::FileState::received && file->refusal != kGivenUp)) return false;
  task->set_account(file->account.text());
  task->set_file_name(file->name);
  task->set_content(file->content.hex());
  task->set_received_at(micros_of(file->received_at));
  write_overrides(file->overrides_json, task);
  if (file->kind == "track") return true;
  // All tracks or none: what a file becomes must not depend on which of them came before it.
  const auto set = store::find_upload_set(session, file->upload_set);
  task->set_awaits_tracks(set && !set->completed_at);
  if (task->awaits_tracks()) return true;
  auto files = store::files_of(session, file->upload_set);
  std::ranges::sort(files, {}, [](const store::ReceivedFile& other) { return std::tuple{other.name, other.content}; });
  for (const auto& other : files) {
    if (other.kind != "track" || other.state == store::FileState::refused) continue;
    task->add_sidecars(other.content.hex());
    task->add_sidecar_names(other.name);
  }
  return true;
}

/// The rules an upload set was made with; what it does not say is Cairn's default (ingest/assemble.hpp).
void write_rules(const std::string& text, bus::AssembleTask* task) {
  const auto rules = json::parse(text, nullptr, false);
  const auto flag = [&](const char* name) { return rules.is_object() && rules.value(name, json{}) == json(true); };
  const auto number = [&](const char* name, double otherwise) { return number_in(rules, name).value_or(otherwise); };
  if (rules.is_object() && rules.value("sort_method", json{}).is_string()) task->set_sort_method(rules["sort_method"].get<std::string>());
  if (!flag("no_split")) {
    task->set_split_distance_m(number("split_distance", 100));
    task->set_split_time_s(number("split_time", 300));
  }
  if (!flag("no_deduplication")) {
    task->set_duplicate_distance_m(number("duplicate_distance", 1));
    task->set_duplicate_rotation_deg(number("duplicate_rotation", 60));
  }
}

/// Files that are not decoded yet: their pictures may be shown already (the older upload path), but are not to be used.
std::set<FileId> files_to_decode(Session& session, UploadSetId set) {
  std::set<FileId> coming;
  for (const auto& file : store::files_of(session, set)) {
    if (file.state == store::FileState::received) coming.insert(file.id);
  }
  return coming;
}

bool brief_assemble(Session& session, const LeasedJob& job, bus::AssembleTask* task) {
  const auto id = UploadSetId::parse(job.key);
  const auto set = id ? store::find_upload_set(session, *id) : std::nullopt;
  if (!set) return false;
  write_rules(set->rules_json, task);
  const auto coming = set->one_sequence ? files_to_decode(session, *id) : std::set<FileId>{};
  const auto frames = store::frames_of_set(session, *id);
  const auto add_those = [&](const auto& may_be_added) {
    for (const auto& frame : frames) {
      if (frame.state != store::FrameState::decoded || coming.contains(frame.file) || !may_be_added(frame.refusal)) continue;
      auto* arrived = task->add_frames();
      *arrived->mutable_capture() = codec::to_record(frame.capture);
      arrived->set_file_name(frame.file_name);
    }
  };
  add_those([](const auto& refusal) { return !refusal; });
  // Nothing new: then these are asked for that an earlier job gave up on.
  if (task->frames_size() == 0) add_those([](const auto& refusal) { return refusal == kGivenUp; });
  return true;
}

void write_frame(const store::FrameRow& frame, bus::FrameToInspect* to) {
  to->set_id(frame.id.text());
  to->set_content(frame.content.hex());
  to->set_orientation(frame.capture.orientation);
  to->set_equirectangular(frame.capture.camera.projection == Projection::equirectangular);
  if (frame.capture.camera.focal_px) to->set_focal_px(*frame.capture.camera.focal_px);
}

bool brief_inspect(Session& session, const LeasedJob& job, bus::InspectTask* task) {
  const auto key = inspect_key_from(job.key);
  if (!key) return false;
  const int first = key->batch * kInspectBatch + 1;
  for (const auto& frame : store::frames_of_sequence(session, key->sequence, first - 1, first + kInspectBatch - 1)) {
    if (is_withdrawn(frame)) continue;  // its bytes may be gone
    write_frame(frame, frame.rank < first ? task->mutable_before() : task->add_frames());
  }
  return task->frames_size() > 0;
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

bool brief_fuse(Session& session, const LeasedJob& job, bus::FuseTask* task) {
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

void write_address(TileId tile, bus::TileAddress* to) {
  to->set_zoom(tile.zoom());
  to->set_x(tile.x());
  to->set_y(tile.y());
}

bool brief_merge(const LeasedJob& job, bus::MergeTask* task) {
  const auto cell = tile_from_text(job.key);
  if (cell) write_address(*cell, task->mutable_cell());
  return cell.has_value();
}

bool brief_tile(const LeasedJob& job, bus::TileTask* task) {
  const auto key = tile_key_from(job.key);
  if (!key) return false;
  task->set_tileset(key->tileset);
  write_address(key->tile, task->mutable_tile());
  return true;
}

bool write_work(Session& session, const LeasedJob& job, bus::Task& task) {
  switch (job.stage) {
    case store::Stage::decode: return brief_decode(session, job, task.mutable_decode());
    case store::Stage::assemble: return brief_assemble(session, job, task.mutable_assemble());
    case store::Stage::inspect: return brief_inspect(session, job, task.mutable_inspect());
    case store::Stage::fuse: return brief_fuse(session, job, task.mutable_fuse());
    case store::Stage::merge: return brief_merge(job, task.mutable_merge());
    case store::Stage::tile: return brief_tile(job, task.mutable_tile());
  }
  return false;
}

}  // namespace

bool is_hidden(const store::FrameRow& frame) { return frame.shown_to != "anyone" || is_withdrawn(frame); }

std::optional<bus::Task> brief_of(Session& session, const LeasedJob& job) {
  bus::Task task;
  if (!write_work(session, job, task)) return std::nullopt;
  write_lease(job, task.mutable_lease());
  return task;
}

}  // namespace cairn::coordinator
