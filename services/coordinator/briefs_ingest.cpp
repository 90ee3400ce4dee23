// What decode and assemble need to know.

#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/stated.hpp"
#include "services/store/devices.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/uploads.hpp"

#include <set>

namespace cairn::coordinator {
namespace {

using nlohmann::json;
using store::Session;

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

void write_receiver_keys(Session& session, AccountId account, bus::DecodeTask* task) {
  for (const auto& device : store::devices_with_receiver(session, account)) {
    auto* key = task->add_receiver_keys();
    key->set_device(device.id);
    key->set_key(device.receiver_key);
  }
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

}  // namespace

bool brief_decode(Session& session, const store::LeasedJob& job, bus::DecodeTask* task) {
  const auto id = FileId::parse(job.key);
  const auto file = id ? store::find_file(session, *id) : std::nullopt;
  if (!file || (file->state != store::FileState::received && file->refusal != kGivenUp)) return false;
  task->set_account(file->account.text());
  task->set_file_name(file->name);
  task->set_content(file->content.hex());
  task->set_received_at(micros_of(file->received_at));
  write_overrides(file->overrides_json, task);
  if (file->kind == "track") {
    write_receiver_keys(session, file->account, task);
    return true;
  }
  // All tracks or none: what a file becomes must not depend on which of them came before it.
  const auto set = store::find_upload_set(session, file->upload_set);
  task->set_awaits_tracks(set && !set->completed_at);
  if (task->awaits_tracks()) return true;
  for (const auto& track : store::tracks_of(session, file->upload_set)) {
    task->add_sidecars(track.content.hex());
    task->add_sidecar_names(track.name);
  }
  if (task->sidecars_size() > 0) write_receiver_keys(session, file->account, task);
  return true;
}

bool brief_assemble(Session& session, const store::LeasedJob& job, bus::AssembleTask* task) {
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

}  // namespace cairn::coordinator
