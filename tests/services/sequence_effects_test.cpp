// What becomes of a sequence when it grows, is judged again, loses frames, or when a stage gives up on it.

#include "services/changes/dropped_blobs.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/store/epochs.hpp"
#include "tests/services/drive_by_hand.hpp"

using namespace cairn;
using cairn::testing::Drive;
using cairn::testing::kNoon;
using store::Stage;

namespace {

const Refusal kBroken{Reason::broken_file, "scan ends early"};
const Refusal kUnsafe{Reason::redaction_failed, "no model"};
const Refusal kContradicted{Reason::motion_contradicts, "r = 0.1"};

std::vector<int> up_to(int count) {
  std::vector<int> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

template <class Change>
void change(Drive& drive, const Change& what) {
  drive.session.write([&](store::Session& session) { what(session); });
}

}  // namespace

TEST_CASE("what vision refuses stays refused however often its sequence is fused") {
  Drive drive;
  drive.send(3);
  drive.vision_refuses = {{0, kBroken}, {1, kUnsafe}};
  drive.run_until_fused();
  change(drive, [&](store::Session& s) { changes::fuse_again(s, drive.sequence().id, kNoon); });
  REQUIRE(drive.run(Stage::fuse) == 1);
  REQUIRE(drive.frame(0).refusal == kBroken);
  REQUIRE(drive.frame(1).refusal == kUnsafe);
  REQUIRE(drive.sequence().accepted == 1);
  REQUIRE(drive.covered() == std::vector{2});
}

TEST_CASE("what fusion refuses is judged anew when its sequence is fused again") {
  Drive drive;
  drive.send(2);
  drive.fusion_refuses = {{0, kContradicted}, {1, {Reason::blurred, "quality score 0.10"}}};
  drive.run_until_fused();
  REQUIRE(drive.frame(0).refusal == kContradicted);
  drive.fusion_refuses.clear();
  change(drive, [&](store::Session& s) { changes::fuse_again(s, drive.sequence().id, kNoon); });
  drive.run(Stage::fuse);
  REQUIRE(drive.frame(0).published);
  REQUIRE(drive.frame(1).published);
}

TEST_CASE("a frame is inspected anew without what was said against it before") {
  Drive drive{true};
  drive.send(2);
  drive.fusion_refuses = {{0, kContradicted}};
  drive.vision_refuses = {{1, kUnsafe}};
  drive.run_until_fused();
  drive.fusion_refuses.clear();
  drive.vision_refuses.clear();
  drive.send(1);  // the batch has something new: all of it is inspected again
  drive.run_until_fused();
  for (const int number : {0, 1, 2}) REQUIRE(drive.frame(number).published);
}

TEST_CASE("what vision refuses at a second look is off the map before the sequence is fused again") {
  Drive drive{true};
  drive.send(1);
  drive.run_until_fused();
  REQUIRE(drive.frame(0).published);
  drive.leased(Stage::tile);
  drive.vision_refuses = {{0, kUnsafe}};
  drive.send(1);
  for (const auto stage : {Stage::decode, Stage::assemble}) drive.run(stage);
  REQUIRE(drive.frame(0).published);  // still the accepted picture of before
  drive.run(Stage::inspect);
  REQUIRE_FALSE(drive.frame(0).published);
}

TEST_CASE("a sequence that grows while it is inspected is fused with all of its frames") {
  const auto grown = [](int first, int then, bool finish_before) {
    Drive drive{true};
    drive.send(first);
    for (const auto stage : {Stage::decode, Stage::assemble}) drive.run(stage);
    std::vector<bus::Task> begun;  // inspect jobs that run while the sequence grows
    for (const auto& job : drive.leased(Stage::inspect)) begun.push_back(drive.brief(job).value());
    drive.send(then);
    for (const auto stage : {Stage::decode, Stage::assemble}) drive.run(stage);
    if (finish_before) {
      for (const auto& task : begun) drive.bring(drive.answer(task));
      drive.run(Stage::fuse);
    }
    while (drive.run(Stage::inspect) > 0) {
    }
    if (!finish_before) {
      for (const auto& task : begun) drive.bring(drive.answer(task));
    }
    while (drive.run(Stage::inspect) + drive.run(Stage::fuse) > 0) {
    }
    REQUIRE(drive.sequence().state == store::SequenceState::ready);
    REQUIRE(drive.sequence().accepted == first + then);
    REQUIRE(store::unfinished_before(drive.session, kNoon + std::chrono::hours{1}) == 0);
    for (const int number : up_to(first + then)) REQUIRE(drive.frame(number).published);
  };
  for (const bool finish_before : {true, false}) {
    grown(1, 1, finish_before);
    grown(40, 5, finish_before);
    grown(40, 60, finish_before);
    grown(64, 1, finish_before);
  }
}

TEST_CASE("a sequence isn't fused while a frame of it waits for inspection") {
  Drive drive;
  drive.send(70);
  for (const auto stage : {Stage::decode, Stage::assemble}) drive.run(stage);
  const auto jobs = drive.leased(Stage::inspect);
  REQUIRE(jobs.size() == 3);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    REQUIRE(drive.leased(Stage::fuse).empty());
    drive.bring(drive.answer(drive.brief(jobs[i]).value()));
  }
  REQUIRE(drive.leased(Stage::fuse).size() == 1);
}

TEST_CASE("a drive that was deleted and is sent again is there again, without what was not sent") {
  Drive drive;
  drive.send(3);
  drive.run_until_fused();
  const auto deleted = drive.sequence();
  change(drive, [&](store::Session& s) { changes::withdraw_sequence(s, deleted, kNoon); });
  drive.run(Stage::fuse);
  drive.begin_another_set();
  drive.send(2);
  drive.run_until_fused();
  REQUIRE(drive.sequence().id == deleted.id);
  REQUIRE_FALSE(drive.sequence().deleted_at);
  REQUIRE(store::frames_of_sequence(drive.session, deleted.id).size() == 2);
  REQUIRE(drive.frame(0).published);
  REQUIRE(drive.covered() == std::vector{0, 1});
}

TEST_CASE("withdrawn frames are not inspected, and hold nothing up") {
  Drive drive;
  drive.send(2);
  for (const auto stage : {Stage::decode, Stage::assemble}) drive.run(stage);
  change(drive, [&](store::Session& s) { changes::withdraw_frame(s, drive.frame(0), kNoon); });
  SECTION("one of two") {
    drive.run(Stage::inspect);
    REQUIRE(drive.inspected == std::vector<std::vector<int>>{{1}});
    drive.run(Stage::fuse);
    REQUIRE(drive.frame(1).published);
  }
  SECTION("all of them") {
    change(drive, [&](store::Session& s) { changes::withdraw_frame(s, drive.frame(1), kNoon); });
    drive.run(Stage::inspect);
    REQUIRE(drive.inspected.empty());
    REQUIRE(drive.run(Stage::fuse) == 1);
    REQUIRE(drive.sequence().state == store::SequenceState::ready);
  }
}

TEST_CASE("what was withdrawn stays withdrawn when its stage gives up") {
  for (const auto stage : {Stage::inspect, Stage::fuse}) {
    Drive drive;
    drive.send(2);
    for (const auto before : {Stage::decode, Stage::assemble, Stage::inspect}) {
      if (before != stage) drive.run(before);
    }
    change(drive, [&](store::Session& s) { changes::withdraw_frame(s, drive.frame(0), kNoon); });
    drive.fail_for_good(stage);
    REQUIRE(drive.frame(0).refusal->reason == Reason::withdrawn);
    REQUIRE(drive.frame(1).refusal->reason == Reason::processing_failed);
  }
}

TEST_CASE("a file that is given up comes back when it is replayed") {
  Drive drive;
  drive.send(1);
  drive.fail_for_good(Stage::decode);
  REQUIRE(store::files_of(drive.session, drive.set.id).at(0).refusal->reason == Reason::processing_failed);
  change(drive, [](store::Session& s) { store::replay(s, "", kNoon); });
  drive.run_until_fused();
  REQUIRE(drive.frame(0).published);
}

TEST_CASE("an assembly that is given up refuses its frames, and brings them back when it is replayed") {
  Drive drive;
  drive.send(2);
  drive.run(Stage::decode);
  drive.fail_for_good(Stage::assemble);
  REQUIRE(drive.frame(0).refusal->reason == Reason::processing_failed);
  REQUIRE(store::find_upload_set(drive.session, drive.set.id)->dispatched_at);
  REQUIRE(store::unfinished_before(drive.session, kNoon + std::chrono::hours{1}) == 0);
  change(drive, [](store::Session& s) { store::replay(s, "", kNoon); });
  drive.run_until_fused();
  REQUIRE(drive.frame(0).published);
  REQUIRE(drive.frame(1).published);
}

TEST_CASE("a stage that was given up can be replayed, and its frames are judged anew") {
  for (const auto stage : {Stage::inspect, Stage::fuse}) {
    Drive drive;
    drive.send(2);
    for (const auto before : {Stage::decode, Stage::assemble, Stage::inspect}) {
      if (before != stage) drive.run(before);
    }
    drive.fail_for_good(stage);
    drive.run(Stage::fuse);
    REQUIRE_FALSE(drive.frame(0).published);
    REQUIRE(drive.sequence().state == store::SequenceState::ready);
    change(drive, [](store::Session& s) { store::replay(s, "", kNoon); });
    drive.run(Stage::inspect);
    drive.run(Stage::fuse);
    REQUIRE(drive.frame(0).published);
  }
}

TEST_CASE("a task that no message can carry is given up at once, with the reason") {
  Drive drive;
  drive.send(1);
  drive.run(Stage::decode);
  const auto job = drive.leased(Stage::assemble).at(0);
  change(drive, [&](store::Session& s) { coordinator::fail_for_good(s, job, "too large", kNoon, drive.rules); });
  REQUIRE(store::quarantined(drive.session).at(0).last_error == "too large");
  REQUIRE(drive.frame(0).refusal->reason == Reason::processing_failed);
}

TEST_CASE("what was left out of a file stays with it, as its newest decoding says") {
  Drive drive;
  drive.send(1);
  auto result = drive.answer(drive.brief(drive.leased(Stage::decode).at(0)).value());
  *result.mutable_decode()->add_notes() = codec::to_record(kBroken);
  drive.bring(result);
  REQUIRE(store::files_of(drive.session, drive.set.id).at(0).notes == std::vector{kBroken});
}

TEST_CASE("a sender's word on how the camera was mounted reaches fusion") {
  Drive drive;
  drive.set.rules_json = R"({"relative_heading":-90})";
  store::update_upload_set(drive.session, drive.set);
  drive.send(1);
  for (const auto stage : {Stage::decode, Stage::assemble, Stage::inspect}) drive.run(stage);
  REQUIRE(drive.brief(drive.leased(Stage::fuse).at(0))->fuse().relative_heading_deg() == -90);
}

TEST_CASE("a sequence that is given up leaves nothing on the map") {
  Drive drive;
  drive.send(2);
  drive.run_until_fused();
  REQUIRE(drive.covered() == std::vector{0, 1});
  change(drive, [&](store::Session& s) { changes::fuse_again(s, drive.sequence().id, kNoon); });
  drive.fail_for_good(Stage::fuse);
  REQUIRE(drive.covered().empty());
  REQUIRE(drive.sequence().accepted == 0);
  REQUIRE(drive.sequence().north_east == LatLon{});
}

TEST_CASE("a hidden frame shows in no public product: no coverage, no number and extent of its sequence, no pay") {
  Drive drive;
  drive.send(3);
  drive.run_until_fused();
  change(drive, [&](store::Session& s) { changes::set_visibility_of_frame(s, drive.frame(2), "owner-only", kNoon); });
  const auto tells_of_two = [&] { return drive.sequence().north_east == Drive::place_of(1) && drive.sequence().accepted == 2; };
  REQUIRE(tells_of_two());  // at once
  drive.run(Stage::fuse);
  REQUIRE(drive.covered() == std::vector{0, 1});
  REQUIRE(tells_of_two());
  REQUIRE(store::unpaid_frames(drive.session, kNoon + std::chrono::hours{1}).size() == 2);
  REQUIRE(drive.frame(2).verdict->accepted());

  change(drive, [&](store::Session& s) { changes::set_visibility_of_frame(s, drive.frame(2), std::nullopt, kNoon); });
  drive.run(Stage::fuse);
  REQUIRE(drive.covered() == std::vector{0, 1, 2});
  REQUIRE(drive.sequence().north_east == Drive::place_of(2));
  REQUIRE(store::unpaid_frames(drive.session, kNoon + std::chrono::hours{1}).size() == 3);
}

TEST_CASE("a sequence that its owner hides as a whole keeps its extent, for those who may see it") {
  Drive drive;
  drive.send(2);
  drive.run_until_fused();
  change(drive, [&](store::Session& s) { changes::set_visibility_of_set(s, drive.set.id, "owner-only", kNoon); });
  drive.run(Stage::fuse);
  REQUIRE(drive.covered().empty());
  REQUIRE(drive.sequence().north_east == Drive::place_of(1));
}

TEST_CASE("a result that was made before a frame was hidden is not used: the sequence is fused again") {
  Drive drive;
  drive.send(2);
  for (const auto stage : {Stage::decode, Stage::assemble, Stage::inspect}) drive.run(stage);
  const auto result = drive.answer(drive.brief(drive.leased(Stage::fuse).at(0)).value());
  SECTION("by its owner") {
    change(drive, [&](store::Session& s) { changes::set_visibility_of_frame(s, drive.frame(1), "owner-only", kNoon); });
  }
  SECTION("because it was withdrawn") {
    change(drive, [&](store::Session& s) { changes::withdraw_frame(s, drive.frame(1), kNoon); });
  }
  drive.bring(result);
  REQUIRE(drive.covered().empty());
  while (drive.run(Stage::fuse) > 0) {
  }
  REQUIRE(drive.covered() == std::vector{0});
  REQUIRE(drive.frame(0).published);
  REQUIRE_FALSE(drive.frame(1).published);
}

TEST_CASE("a fusion says about its sequence what it found, and nothing from before") {
  Drive drive;
  drive.send(2);
  for (const auto stage : {Stage::decode, Stage::assemble, Stage::inspect}) drive.run(stage);
  for (int round = 0; round < 2; ++round) {
    auto result = drive.answer(drive.brief(drive.leased(Stage::fuse).at(0)).value());
    auto* value = result.mutable_fuse()->mutable_values()->add_values();
    value->set_name("trust");
    value->set_value(round);
    drive.bring(result);
    REQUIRE(drive.sequence().fusion_values.size() == 1);
    change(drive, [&](store::Session& s) { changes::fuse_again(s, drive.sequence().id, kNoon); });
  }
  REQUIRE(drive.sequence().length_m > 0);
  drive.fusion_refuses = {{0, kContradicted}, {1, kContradicted}};
  drive.run(Stage::fuse);
  REQUIRE(drive.sequence().length_m == 0);
  REQUIRE(drive.sequence().north_east == LatLon{});
}

TEST_CASE("a picture shown before it was decoded is inspected as what it was decoded to") {
  Drive drive{true};
  drive.send(1);
  const auto job = drive.leased(Stage::decode).at(0);
  auto result = drive.answer(drive.brief(job).value());
  store::FrameRow shown;
  shown.capture = codec::from_record(result.decode().frames(0).capture());
  shown.id = shown.capture.id;
  shown.upload_set = drive.set.id;
  shown.file = drive.file_of(0);
  shown.account = drive.set.account;
  shown.content = sha256_of("heic");
  store::insert_frame(drive.session, shown);
  drive.bring(result);
  REQUIRE(drive.frame(0).content == Drive::content_of(0));
}

TEST_CASE("the bytes of a withdrawn picture go after the grace, but not while somebody may be about to use them") {
  Drive drive;
  const store::BlobStore blobs{drive.scratch.path() / "blobs"};
  const auto name = blobs.put(store::Namespace::private_, bytes_of("jpeg 0"));
  drive.send(1);
  drive.run_until_fused();
  change(drive, [&](store::Session& s) { changes::withdraw_frame(s, drive.frame(0), kNoon); });
  const auto removed_after = [&](int hours) {
    return changes::remove_dropped_blobs(drive.session, blobs, kNoon + std::chrono::hours{hours});
  };
  REQUIRE(removed_after(23) == 0);
  REQUIRE(removed_after(25) == 0);  // by the disk's clock it was put just now, perhaps by who sends it again
  REQUIRE(blobs.has(store::Namespace::private_, name));
  std::filesystem::last_write_time(blobs.path_of(store::Namespace::private_, name), std::filesystem::file_time_type::clock::now() - std::chrono::hours{25});
  REQUIRE(removed_after(48) == 0);  // it waits for another grace
  REQUIRE(removed_after(50) == 1);
  REQUIRE_FALSE(blobs.has(store::Namespace::private_, name));
}
