#include "ingest/assemble.hpp"
#include "ingest/decode_file.hpp"
#include "ingest/sidecar.hpp"
#include "services/codec/codec.hpp"
#include "services/worker/stages.hpp"

#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace cairn::worker {
namespace {

using store::Namespace;

ingest::Overrides overrides_from(const bus::DecodeTask& task) {
  ingest::Overrides overrides;
  if (task.has_taken_at()) overrides.taken_at = time_from_micros(task.taken_at());
  if (task.has_place()) overrides.place = LatLon::from_e7(task.place().lat_e7(), task.place().lon_e7());
  if (task.has_heading_deg()) overrides.heading_deg = task.heading_deg();
  return overrides;
}

std::vector<Bytes> receiver_keys_from(const bus::DecodeTask& task) {
  std::vector<Bytes> keys;
  for (const auto& key : task.receiver_keys()) keys.push_back(ingest::receiver_key_from_hex(key.key()).value());
  return keys;
}

void add_sidecars(const bus::DecodeTask& task, Tools& tools, ingest::FileToDecode& file) {
  for (int i = 0; i < task.sidecars_size(); ++i) {
    const auto bytes = tools.blob(Namespace::private_, task.sidecars(i));
    auto track = ingest::read_track(bytes, file.received_at, tools.signatures_of(task.sidecars(i), bytes, file.receiver_keys));
    const auto name = i < task.sidecar_names_size() ? task.sidecar_names(i) : std::string{};
    if (auto* found = std::get_if<ingest::TrackFile>(&track)) ingest::add_sidecar(file, name, std::move(*found));
  }
}

void fail_if_told(const std::string& name, const BadFiles& bad) {
  if (!bad.abort_on.empty() && name == bad.abort_on) std::abort();
  while (!bad.stall_on.empty() && name == bad.stall_on) std::this_thread::sleep_for(std::chrono::seconds{1});
}

ingest::SortMethod sort_method_from(const std::string& name) {
  if (name == "time-desc") return ingest::SortMethod::time_desc;
  if (name == "filename-asc") return ingest::SortMethod::filename_asc;
  if (name == "filename-desc") return ingest::SortMethod::filename_desc;
  return ingest::SortMethod::time_asc;
}

ingest::AssembleRules rules_from(const bus::AssembleTask& task) {
  ingest::AssembleRules rules;
  rules.sort = sort_method_from(task.sort_method());
  rules.split_distance_m = task.has_split_distance_m() ? std::optional{task.split_distance_m()} : std::nullopt;
  rules.split_time.reset();
  if (task.has_split_time_s()) rules.split_time = std::chrono::seconds{static_cast<std::int64_t>(task.split_time_s())};
  rules.duplicate_distance_m = task.has_duplicate_distance_m() ? std::optional{task.duplicate_distance_m()} : std::nullopt;
  if (task.has_duplicate_rotation_deg()) rules.duplicate_rotation_deg = task.duplicate_rotation_deg();
  return rules;
}

}  // namespace

bus::DecodeResult run_decode(const bus::DecodeTask& task, Tools& tools) {
  fail_if_told(task.file_name(), tools.bad_files());
  const auto bytes = tools.blob(Namespace::private_, task.content());
  ingest::FileToDecode file;
  file.name = task.file_name();
  file.bytes = bytes;
  file.account = AccountId::parse(task.account()).value();
  file.content = Sha256::from_hex(task.content()).value();
  file.received_at = time_from_micros(task.received_at());
  file.overrides = overrides_from(task);
  file.awaits_tracks = task.awaits_tracks();
  file.receiver_keys = receiver_keys_from(task);
  add_sidecars(task, tools, file);

  bus::DecodeResult result;
  const auto report = ingest::decode_file(file, {}, [&](const Capture& capture, ByteView jpeg) {
    tools.moves();
    auto* frame = result.add_frames();
    *frame->mutable_capture() = codec::to_record(capture);
    // A picture is its own frame and is in the store already; frames of a video are new.
    const bool itself = jpeg.data() == bytes.data() && jpeg.size() == bytes.size();
    frame->set_content(itself ? task.content() : tools.blobs().put(Namespace::private_, jpeg).hex());
  });
  result.set_waits(report.waits);
  if (report.refusal) *result.mutable_refusal() = codec::to_record(*report.refusal);
  for (const auto& note : report.notes) *result.add_notes() = codec::to_record(note);
  result.set_log_state(std::string{code_of(report.log)});
  if (report.log_key) result.set_log_device(task.receiver_keys(static_cast<int>(*report.log_key)).device());
  return result;
}

bus::AssembleResult run_assemble(const bus::AssembleTask& task) {
  std::vector<ingest::ArrivedFrame> frames;
  for (const auto& frame : task.frames()) frames.push_back({codec::from_record(frame.capture()), frame.file_name()});
  bus::AssembleResult result;
  const auto assembly = ingest::assemble(std::move(frames), rules_from(task));
  for (const auto& sequence : assembly.sequences) {
    auto* record = result.add_sequences();
    record->set_id(sequence.id.text());
    for (const auto& frame : sequence.frames) record->add_frames(frame.text());
  }
  for (const auto& left_out : assembly.left_out) {
    auto* record = result.add_left_out();
    record->set_frame(left_out.frame.text());
    *record->mutable_refusal() = codec::to_record(left_out.refusal);
    if (left_out.duplicate_of) record->set_duplicate_of(left_out.duplicate_of->text());
  }
  return result;
}

}  // namespace cairn::worker
