#pragma once
// An upload of several pictures that goes through the stages by hand: no worker, no bus, no models.

#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/effects.hpp"
#include "services/store/accounts.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/map.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/services/scratch.hpp"

#include <map>

namespace cairn::testing {

/// Pictures 0, 1, 2, … of one drive, one second and 0.0001 degrees of latitude apart.
class Drive {
 public:
  explicit Drive(bool one_sequence = false) {
    store::migrate(session);
    set.account = store::account_named(session, "anna", kNoon).id;
    set.title = "Main street";
    set.created_at = kNoon;
    set.completed_at = kNoon;
    set.id = UploadSetId::derived_from({"set"});
    if (one_sequence) set.one_sequence = SequenceId::derived_from({"one"});
    store::insert_upload_set(session, set);
    if (!one_sequence) return;
    store::SequenceRow empty;
    empty.id = *set.one_sequence;
    empty.upload_set = set.id;
    empty.account = set.account;
    empty.created_at = empty.updated_at = kNoon;
    store::insert_sequence(session, empty);
  }

  /// From here on pictures go to another set, and begin with number 0 again.
  void begin_another_set() {
    set.id = UploadSetId::derived_from({"another set"});
    store::insert_upload_set(session, set);
    sent_ = 0;
  }
  FileId file_of(int number) const { return FileId::derived_from({set.id.text(), std::to_string(number)}); }

  void send(int pictures) {
    for (int i = 0; i < pictures; ++i) {
      store::ReceivedFile file;
      const int number = sent_++;
      file.id = file_of(number);
      file.upload_set = set.id;
      file.account = set.account;
      file.name = std::to_string(number) + ".jpg";
      file.kind = "picture";
      file.content = content_of(number);
      file.received_at = kNoon;
      file.overrides_json = R"({"position":)" + std::to_string(number + 1) + "}";
      numbers_[file.content.hex()] = number;
      store::insert_file(session, file);
      store::enqueue(session, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = set.account.text(), .now = kNoon});
    }
  }
  static Sha256 content_of(int number) { return sha256_of("jpeg " + std::to_string(number)); }

  std::vector<store::LeasedJob> leased(store::Stage stage) {
    std::vector<store::LeasedJob> jobs;
    session.write([&](store::Session& s) { jobs = store::lease(s, {stage}, 1000, kNoon + std::chrono::hours{1}, rules.leases); });
    return jobs;
  }
  std::optional<bus::Task> brief(const store::LeasedJob& job) { return coordinator::brief_of(session, job); }

  coordinator::Effect bring(const bus::Result& result) {
    coordinator::Effect effect{};
    session.write([&](store::Session& s) { effect = coordinator::apply(s, result, kNoon, rules); });
    return effect;
  }

  /// Runs every job of a stage that waits, once; gives how many there were.
  int run(store::Stage stage) {
    const auto jobs = leased(stage);
    for (const auto& job : jobs) {
      if (const auto task = brief(job)) {
        bring(answer(*task));
      } else {
        session.write([&](store::Session& s) { coordinator::skip(s, job, kNoon); });
      }
    }
    return static_cast<int>(jobs.size());
  }
  void run_until_fused() {
    for (const auto stage : {store::Stage::decode, store::Stage::assemble, store::Stage::inspect, store::Stage::fuse}) run(stage);
  }
  void fail_for_good(store::Stage stage) {
    for (int i = 0; i < rules.leases.most_failures; ++i) {
      for (const auto& job : leased(stage)) {
        bus::Result result;
        *result.mutable_lease() = brief(job)->lease();
        result.set_error("disk on fire");
        bring(result);
      }
    }
  }

  bus::Result answer(const bus::Task& task) {
    bus::Result result;
    *result.mutable_lease() = task.lease();
    if (task.has_decode()) answer_decode(task.decode(), *result.mutable_decode());
    if (task.has_assemble()) answer_assemble(task.assemble(), *result.mutable_assemble());
    if (task.has_inspect()) answer_inspect(task.inspect(), *result.mutable_inspect());
    if (task.has_fuse()) answer_fuse(task.fuse(), *result.mutable_fuse());
    return result;
  }

  store::FrameRow frame(int number) { return store::find_frame(session, frame_id_of(set.account, content_of(number), 0)).value(); }
  store::SequenceRow sequence() { return store::sequences_of_set(session, set.id).at(0); }
  /// Numbers of the pictures whose visit coverage holds.
  std::vector<int> covered() {
    std::vector<int> numbers;
    for (const auto& row : store::coverage_in(session, morton_range_of(TileId{}))) numbers.push_back(static_cast<int>(row.cell));
    return numbers;
  }
  static LatLon place_of(int number) { return *LatLon::from_degrees(55.0 + number * 1e-4, 13.0); }

  ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::UploadSet set;
  coordinator::EffectRules rules;
  std::map<int, Refusal> vision_refuses, fusion_refuses;  ///< by the picture's number
  std::vector<std::vector<int>> inspected;                ///< numbers of each inspect task that was answered

 private:
  int number_of(const bus::ObservedFrame& frame) const {
    for (const auto& [content, number] : numbers_) {
      if (frame_id_of(set.account, content_of(number), 0).text() == frame.capture().id()) return number;
    }
    return -1;
  }

  void answer_decode(const bus::DecodeTask& task, bus::DecodeResult& result) {
    const int number = numbers_.at(task.content());
    Capture capture;
    capture.id = frame_id_of(set.account, content_of(number), 0);
    capture.fix = {kNoon + std::chrono::seconds{number}, place_of(number), {}, {}, {}, {}};
    auto* frame = result.add_frames();
    *frame->mutable_capture() = codec::to_record(capture);
    frame->set_content(task.content());
  }
  void answer_assemble(const bus::AssembleTask& task, bus::AssembleResult& result) {
    if (task.frames_size() == 0) return;
    std::map<std::int64_t, std::string> order;
    for (const auto& frame : task.frames()) order[micros_of(codec::from_record(frame.capture()).fix.taken_at)] = frame.capture().id();
    auto* sequence = result.add_sequences();
    sequence->set_id(SequenceId::derived_from({"sequence", order.begin()->second}).text());
    for (const auto& [time, id] : order) sequence->add_frames(id);
  }
  void answer_inspect(const bus::InspectTask& task, bus::InspectResult& result) {
    auto& numbers = inspected.emplace_back();
    for (const auto& asked : task.frames()) {
      const int number = numbers_.at(asked.content());
      numbers.push_back(number);
      auto* frame = result.add_frames();
      frame->set_id(asked.id());
      *frame->mutable_observation() = codec::to_record(Observation{});
      if (const auto refusal = vision_refuses.find(number); refusal != vision_refuses.end()) {
        *frame->mutable_refusal() = codec::to_record(refusal->second);
        continue;
      }
      frame->set_hd(sha256_of("hd").hex());
      frame->set_sd(sha256_of("sd").hex());
      frame->set_thumb(sha256_of("thumb").hex());
    }
  }
  /// As a worker does it: who was refused stays refused, and what is hidden shows nowhere. Each picture covers the cell of its number.
  void answer_fuse(const bus::FuseTask& task, bus::FuseResult& result) const {
    for (const auto& frame : task.frames()) {
      const int number = number_of(frame);
      FrameVerdict verdict;
      verdict.frame = FrameId::parse(frame.capture().id()).value();
      if (const auto refusal = fusion_refuses.find(number); refusal != fusion_refuses.end()) verdict.refusal = refusal->second;
      if (frame.has_refusal()) verdict.refusal = codec::from_record(frame.refusal());
      verdict.pose = {kNoon + std::chrono::seconds{number}, place_of(number), 0, 90, 3, 5};
      *result.add_verdicts() = codec::to_record(verdict);
      result.add_hidden(frame.hidden());
      if (verdict.refusal || frame.hidden()) continue;
      result.add_line_zooms(0);
      auto* visit = result.add_coverage();
      visit->set_cell(static_cast<std::uint64_t>(number));
      visit->mutable_place()->set_lat_e7(place_of(number).lat_e7());
      visit->mutable_place()->set_lon_e7(place_of(number).lon_e7());
    }
  }

  int sent_ = 0;
  std::map<std::string, int> numbers_;
};

}  // namespace cairn::testing
