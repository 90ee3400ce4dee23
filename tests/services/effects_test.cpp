// What results do to the catalogue, with results made by hand: no worker, no bus.

#include "services/changes/completion.hpp"
#include "services/changes/dirty_tiles.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/commits.hpp"
#include "services/coordinator/effects.hpp"
#include "services/store/accounts.hpp"
#include "services/store/devices.hpp"
#include "services/store/events.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tiles.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/services/scratch.hpp"

#include <algorithm>
#include <array>
#include <thread>

using namespace cairn;
using namespace cairn::coordinator;
using cairn::testing::kNoon;

namespace {

const LatLon lund = *LatLon::from_degrees(55.698167, 13.195389);

/// A completed upload of one picture, its decode job waiting.
struct Upload {
  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::UploadSet set;
  store::ReceivedFile file;
  EffectRules rules;

  explicit Upload(std::optional<FrameId> chosen = {}) {
    store::migrate(session);
    const auto account = store::account_named(session, "anna", kNoon);
    set.id = UploadSetId::derived_from({"set"});
    set.account = account.id;
    set.title = "Main street";
    set.created_at = kNoon;
    set.completed_at = kNoon;
    store::insert_upload_set(session, set);
    file.id = FileId::derived_from({"file"});
    file.upload_set = set.id;
    file.account = account.id;
    file.name = "01.jpg";
    file.kind = "picture";
    file.content = sha256_of("jpeg");
    file.frame = chosen;
    file.received_at = kNoon;
    store::insert_file(session, file);
    store::enqueue(session, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = account.id.text(), .now = kNoon});
  }

  /// The task of the one job of a stage that waits.
  bus::Task taken(store::Stage stage) {
    const auto jobs = store::lease(session, {stage}, 10, kNoon + std::chrono::hours{1}, rules.leases);
    REQUIRE(jobs.size() == 1);
    return brief_of(session, jobs[0]).value();
  }

  Effect bring(const bus::Result& result) {
    Effect effect{};
    session.write([&](store::Session& s) { effect = apply(s, result, kNoon, rules); });
    return effect;
  }

  bus::Result decoded(const bus::Task& task) const {
    Capture capture;
    capture.id = frame_id_of(set.account, file.content, 0);
    capture.fix = {kNoon, lund, {}, {}, {}, {}};
    bus::Result result;
    *result.mutable_lease() = task.lease();
    auto* frame = result.mutable_decode()->add_frames();
    *frame->mutable_capture() = codec::to_record(capture);
    frame->set_content(file.content.hex());
    return result;
  }

  bus::Result assembled(const bus::Task& task) const {
    bus::Result result;
    *result.mutable_lease() = task.lease();
    auto* sequence = result.mutable_assemble()->add_sequences();
    sequence->set_id(SequenceId::derived_from({"s"}).text());
    sequence->add_frames(task.assemble().frames(0).capture().id());
    return result;
  }

  bus::Result inspected(const bus::Task& task) const {
    bus::Result result;
    *result.mutable_lease() = task.lease();
    auto* frame = result.mutable_inspect()->add_frames();
    frame->set_id(task.inspect().frames(0).id());
    *frame->mutable_observation() = codec::to_record(Observation{});
    frame->set_hd(sha256_of("hd").hex());
    frame->set_sd(sha256_of("sd").hex());
    frame->set_thumb(sha256_of("thumb").hex());
    return result;
  }

  bus::Result fused(const bus::Task& task, std::optional<Refusal> refusal = {}) const {
    FrameVerdict verdict;
    verdict.frame = FrameId::parse(task.fuse().frames(0).capture().id()).value();
    verdict.refusal = refusal;
    verdict.pose = {kNoon, lund, 0, 90, 3, 5};
    bus::Result result;
    *result.mutable_lease() = task.lease();
    *result.mutable_fuse()->add_verdicts() = codec::to_record(verdict);
    result.mutable_fuse()->add_hidden(task.fuse().frames(0).hidden());
    if (!refusal) result.mutable_fuse()->add_line_zooms(0);
    return result;
  }

  store::FrameRow frame() { return store::frames_of_set(session, set.id).at(0); }
};

}  // namespace

TEST_CASE("a picture goes from received to published, one result after the other") {
  Upload upload;
  REQUIRE(upload.bring(upload.decoded(upload.taken(store::Stage::decode))) == Effect::done);
  REQUIRE(store::find_file(upload.session, upload.file.id)->state == store::FileState::decoded);
  REQUIRE(upload.bring(upload.assembled(upload.taken(store::Stage::assemble))) == Effect::done);
  REQUIRE(upload.frame().rank == 1);
  REQUIRE(upload.bring(upload.inspected(upload.taken(store::Stage::inspect))) == Effect::done);
  REQUIRE_FALSE(upload.frame().published);
  REQUIRE(upload.bring(upload.fused(upload.taken(store::Stage::fuse))) == Effect::done);
  REQUIRE(upload.frame().published);
  REQUIRE(store::sequences_of_set(upload.session, upload.set.id).at(0).state == store::SequenceState::ready);
  const auto tiles = store::lease(upload.session, {store::Stage::tile}, 10, kNoon + std::chrono::hours{1}, upload.rules.leases);
  REQUIRE(tiles.size() == tiler::kTileSets.size());
}

TEST_CASE("a result that comes twice takes effect once") {
  Upload upload;
  const auto result = upload.decoded(upload.taken(store::Stage::decode));
  REQUIRE(upload.bring(result) == Effect::done);
  REQUIRE(upload.bring(result) == Effect::late);
  REQUIRE(store::frames_of_set(upload.session, upload.set.id).size() == 1);
}

TEST_CASE("a refused frame is not published, and keeps its reason") {
  Upload upload;
  upload.bring(upload.decoded(upload.taken(store::Stage::decode)));
  upload.bring(upload.assembled(upload.taken(store::Stage::assemble)));
  upload.bring(upload.inspected(upload.taken(store::Stage::inspect)));
  upload.bring(upload.fused(upload.taken(store::Stage::fuse), Refusal{Reason::motion_contradicts, "r = 0.1"}));
  REQUIRE_FALSE(upload.frame().published);
  REQUIRE(upload.frame().refusal == Refusal{Reason::motion_contradicts, "r = 0.1"});
}

TEST_CASE("a result that makes no sense changes nothing, its job's end included") {
  Upload upload;
  upload.bring(upload.decoded(upload.taken(store::Stage::decode)));
  upload.bring(upload.assembled(upload.taken(store::Stage::assemble)));
  upload.bring(upload.inspected(upload.taken(store::Stage::inspect)));
  auto result = upload.fused(upload.taken(store::Stage::fuse));
  auto wrong = result;
  wrong.mutable_fuse()->clear_verdicts();
  REQUIRE_THROWS_WITH(upload.bring(wrong), ContainsText("not one verdict per frame"));
  REQUIRE(upload.frame().state == store::FrameState::inspected);
  REQUIRE(upload.bring(result) == Effect::done);
}

TEST_CASE("results that come together are written together, and one that makes no sense fails alone") {
  Upload upload;
  const auto good = upload.decoded(upload.taken(store::Stage::decode));
  bus::Result of_tomorrow;  // from a worker of another version
  of_tomorrow.mutable_lease()->set_stage("dream");
  upload.session.write([&](store::Session& s) { changes::mark_tiles_dirty(s, changes::kSetsOfPictures, {lund}, kNoon, upload.rules.debounce); });
  auto bad = good;
  const auto tile = store::lease(upload.session, {store::Stage::tile}, 1, kNoon + std::chrono::hours{1}, upload.rules.leases).at(0);
  bad.clear_decode();
  *bad.mutable_lease() = brief_of(upload.session, tile)->lease();
  bad.mutable_tile()->set_hash("none");
  const auto next = [](store::Session& s) { store::enqueue(s, {.stage = store::Stage::merge, .key = "next", .now = kNoon}); };
  commit_together(upload.session, {{"a", good}, {"b", of_tomorrow}, {"c", bad}}, kNoon, upload.rules, next);
  REQUIRE(store::find_file(upload.session, upload.file.id)->state == store::FileState::decoded);
  REQUIRE_FALSE(store::find_tile(upload.session, "map", tile_of(lund, 14)));
  const auto depths = store::queue_depths(upload.session);
  const auto& tiles = *std::ranges::find(depths, store::Stage::tile, &store::QueueDepth::stage);
  REQUIRE(tiles.queued == 2);  // the failed one waits for its next try beside the other set's
  REQUIRE(tiles.leased == 0);
  REQUIRE(store::jobs_queued(upload.session, store::Stage::merge) == 1);  // what came next, once
}

TEST_CASE("a file that fails five times is refused, and its upload goes on") {
  Upload upload;
  for (int i = 0; i < 5; ++i) {
    bus::Result result;
    *result.mutable_lease() = upload.taken(store::Stage::decode).lease();
    result.set_error("disk on fire");
    REQUIRE(upload.bring(result) == Effect::done);
  }
  REQUIRE(store::find_file(upload.session, upload.file.id)->refusal->reason == Reason::processing_failed);
  REQUIRE(upload.taken(store::Stage::assemble).assemble().frames_size() == 0);
}

TEST_CASE("a full disk is nobody's fault: however often it is reported, the file waits for room and is decoded after all") {
  Upload upload;
  auto now = kNoon;
  const auto leased = [&] {
    now += std::chrono::minutes{1};
    auto jobs = store::lease(upload.session, {store::Stage::decode}, 10, now, upload.rules.leases);
    REQUIRE(jobs.size() == 1);
    return *brief_of(upload.session, jobs[0]);
  };
  for (int i = 0; i < 20; ++i) {
    bus::Result result;
    *result.mutable_lease() = leased().lease();
    result.set_no_room("can't write");
    Effect effect{};
    upload.session.write([&](store::Session& s) { effect = apply(s, result, now, upload.rules); });
    REQUIRE(effect == Effect::done);
    REQUIRE_FALSE(store::work_waits(upload.session, now));
    REQUIRE(upload.bring(result) == Effect::late);
  }
  REQUIRE(store::quarantined(upload.session).empty());
  REQUIRE(upload.bring(upload.decoded(leased())) == Effect::done);
  REQUIRE_FALSE(store::find_file(upload.session, upload.file.id)->refusal);
}

TEST_CASE("of two coordinators that bring the same tile at once the one whose lease holds publishes it, whole, and it is told once") {
  Upload upload;
  upload.session.write([&](store::Session& s) { store::enqueue(s, {.stage = store::Stage::tile, .key = "map/14/8792/5126", .now = kNoon}); });
  const auto result_of = [&](const store::LeasedJob& job, const char* content) {
    bus::Result result;
    *result.mutable_lease() = brief_of(upload.session, job)->lease();
    result.mutable_tile()->set_hash(sha256_of(content).hex());
    result.mutable_tile()->set_blob(sha256_of(content).hex());
    result.mutable_tile()->set_rollup(sha256_of(content).hex());
    return result;
  };
  const auto first = store::lease(upload.session, {store::Stage::tile}, 1, kNoon, upload.rules.leases).at(0);
  const auto later = kNoon + std::chrono::hours{1};
  upload.session.write([&](store::Session& s) { store::expire(s, later, upload.rules.leases); });   // it seemed to be dead
  const auto second = store::lease(upload.session, {store::Stage::tile}, 1, later, upload.rules.leases).at(0);
  std::array<Effect, 2> effects{};
  {
    const std::array results{result_of(first, "late"), result_of(second, "in time")};
    std::vector<std::jthread> coordinators;
    for (std::size_t i = 0; i < 2; ++i) {
      coordinators.emplace_back([&, i] {
        store::Session own{upload.scratch.database()};
        own.write([&](store::Session& s) { effects[i] = apply(s, results[i], later, upload.rules); });
      });
    }
  }
  REQUIRE(effects == std::array{Effect::late, Effect::done});
  REQUIRE(store::find_tile(upload.session, "map", *TileId::from_zxy(14, 8792, 5126))->hash == sha256_of("in time"));
  REQUIRE(store::events_since(upload.session, 0, 10).size() == 1);
}

TEST_CASE("a change waits 2 s at zoom 14 at most, 5 s up to zoom 10, 30 s up to zoom 6 and 5 minutes up to the world") {
  using namespace std::chrono_literals;
  for (const auto step : {0ms, 1ms, 20ms, 200ms, 300ms, 1000ms, 2000ms, 60'000ms}) {
    CAPTURE(step.count());
    const auto debounce = changes::Debounce::from_step(step);
    for (const auto& [base, zoom, most] : {std::tuple{14, 14, 2000ms}, {14, 10, 5000ms}, {14, 6, 30'000ms}, {14, 0, 300'000ms}, {15, 10, 5000ms}, {15, 0, 300'000ms}}) {
      auto waited = 0ms;
      for (int z = base; z >= zoom; --z) waited += debounce.at(z);
      REQUIRE(waited <= most);
    }
  }
  REQUIRE(changes::Debounce::from_step(200ms).at(12) == 1s);
}

TEST_CASE("a tile that changed makes its parent dirty, one that did not, does not") {
  Upload upload;
  upload.session.write([&](store::Session& s) { changes::mark_tiles_dirty(s, changes::kSetsOfPictures, {lund}, kNoon, upload.rules.debounce); });
  const auto now = kNoon + std::chrono::hours{1};
  for (int round = 0; round < 2; ++round) {
    for (const auto& job : store::lease(upload.session, {store::Stage::tile}, 10, now, upload.rules.leases)) {
      bus::Result result;
      *result.mutable_lease() = brief_of(upload.session, job)->lease();
      result.mutable_tile()->set_hash(sha256_of("tile").hex());
      result.mutable_tile()->set_blob(sha256_of("gzip").hex());
      result.mutable_tile()->set_rollup(sha256_of("rollup").hex());
      REQUIRE(upload.bring(result) == Effect::done);
    }
    const auto parents = store::lease(upload.session, {store::Stage::tile}, 10, now, upload.rules.leases);
    REQUIRE(parents.size() == (round == 0 ? 2u : 0u));
    for (const auto& job : parents) store::complete(upload.session, job, now);
    upload.session.write([&](store::Session& s) { changes::mark_tiles_dirty(s, changes::kSetsOfPictures, {lund}, kNoon, upload.rules.debounce); });
  }
}

TEST_CASE("a file that depends on tracks waits for the end of its set, and then gets all of them, by name") {
  Upload upload;
  store::set_completed(upload.session, upload.set.id, std::nullopt);
  const auto early = upload.taken(store::Stage::decode);
  REQUIRE(early.decode().awaits_tracks());
  bus::Result waits;
  *waits.mutable_lease() = early.lease();
  waits.mutable_decode()->set_waits(true);
  REQUIRE(upload.bring(waits) == Effect::done);
  REQUIRE(store::find_file(upload.session, upload.file.id)->state == store::FileState::received);
  REQUIRE_FALSE(store::work_waits(upload.session, kNoon + std::chrono::hours{1}));
  for (const char* name : {"b.gpx", "a.gpx"}) {
    auto track = upload.file;
    track.id = FileId::derived_from({name});
    track.name = name;
    track.kind = "track";
    track.content = sha256_of(name);
    store::insert_file(upload.session, track);
    store::update_file(upload.session, track.id, store::FileState::decoded, 0, {});
  }
  changes::complete_set(upload.session, upload.set.id, kNoon);
  const auto late = upload.taken(store::Stage::decode).decode();
  REQUIRE_FALSE(late.awaits_tracks());
  REQUIRE(late.sidecar_names_size() == 2);
  REQUIRE(late.sidecar_names(0) == "a.gpx");
  REQUIRE(late.sidecars(1) == sha256_of("b.gpx").hex());
}

TEST_CASE("a set that is completed while a file of it is looked at has it looked at again") {
  Upload upload;
  store::set_completed(upload.session, upload.set.id, std::nullopt);
  const auto early = upload.taken(store::Stage::decode);
  changes::complete_set(upload.session, upload.set.id, kNoon);
  bus::Result waits;
  *waits.mutable_lease() = early.lease();
  waits.mutable_decode()->set_waits(true);
  REQUIRE(upload.bring(waits) == Effect::done);
  REQUIRE(upload.bring(upload.decoded(upload.taken(store::Stage::decode))) == Effect::done);
  REQUIRE(upload.frame().state == store::FrameState::decoded);
}

TEST_CASE("fusion is told which share of a sequence's frames a device of the same account signed") {
  Upload upload;
  upload.bring(upload.decoded(upload.taken(store::Stage::decode)));
  upload.bring(upload.assembled(upload.taken(store::Stage::assemble)));
  upload.bring(upload.inspected(upload.taken(store::Stage::inspect)));
  const auto sequence = store::sequences_of_set(upload.session, upload.set.id).at(0).id;
  const auto sign = [&](const std::string& did, AccountId account) {
    const store::Device device{did, account, "camera", kNoon, {}, "", {}, 0, ""};
    REQUIRE(store::insert_device(upload.session, device));
    store::insert_manifest(upload.session, device, 1, "hash of " + did, "text", {{upload.file.content, "01.jpg", 4}}, kNoon);
  };
  sign("did:key:other", store::account_named(upload.session, "bob", kNoon).id);
  REQUIRE(store::sequences_of_manifest(upload.session, "hash of did:key:other").empty());
  REQUIRE(store::signed_frames_of(upload.session, sequence) == 0);
  sign("did:key:own", upload.set.account);
  REQUIRE(store::sequences_of_manifest(upload.session, "hash of did:key:own") == std::vector{sequence});
  REQUIRE(upload.taken(store::Stage::fuse).fuse().signed_share() == 1);
}

TEST_CASE("all pictures of a bundle become frames, the first with the id that its sender chose") {
  const auto chosen = FrameId::parse("0a7e804e-086e-49b0-ad8b-47977f16273b").value();
  Upload upload{chosen};
  const auto task = upload.taken(store::Stage::decode);
  auto result = upload.decoded(task);
  auto second = result.decode().frames(0);
  second.mutable_capture()->set_id(frame_id_of(upload.set.account, upload.file.content, 1).text());
  *result.mutable_decode()->add_frames() = second;
  REQUIRE(upload.bring(result) == Effect::done);
  const auto frames = store::frames_of_set(upload.session, upload.set.id);
  REQUIRE(frames.size() == 2);
  REQUIRE(std::ranges::count(frames, chosen, &store::FrameRow::id) == 1);
}
