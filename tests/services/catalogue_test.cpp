#include "services/store/accounts.hpp"
#include "services/store/events.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/published.hpp"
#include "services/store/tiles.hpp"
#include "services/store/totals.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/services/scratch.hpp"

#include <thread>

using namespace cairn;
using namespace cairn::store;
using cairn::testing::kNoon;
using namespace std::chrono_literals;

namespace {


struct Catalogue {
  testing::ScratchFolder scratch;
  Session session{scratch.database()};
  Account account;
  UploadSet set;
  ReceivedFile file;

  Catalogue() {
    migrate(session);
    account = account_named(session, "anna", kNoon);
    set.id = UploadSetId::derived_from({"set"});
    set.account = account.id;
    set.title = "Main street";
    set.created_at = kNoon;
    insert_upload_set(session, set);
    file.id = FileId::derived_from({"file"});
    file.upload_set = set.id;
    file.account = account.id;
    file.name = "01.jpg";
    file.kind = "picture";
    file.content = sha256_of("jpeg");
    file.scan_hash = "5ca4";
    file.received_at = kNoon;
    insert_file(session, file);
  }

  FrameRow frame(const std::string& name, LatLon place) {
    FrameRow row;
    row.id = FrameId::derived_from({name});
    row.upload_set = set.id;
    row.file = file.id;
    row.account = account.id;
    row.file_name = name;
    row.content = file.content;
    row.capture.id = row.id;
    row.capture.fix = {kNoon, place, {}, {}, {}, {}};
    row.taken_at = kNoon;
    row.place = place;
    return row;
  }
};

}  // namespace

TEST_CASE("migrating twice changes nothing") {
  testing::ScratchFolder scratch;
  Session session{scratch.database()};
  REQUIRE(migrate(session) == newest_version());
  Session other{scratch.database()};
  REQUIRE(migrate(other) == newest_version());
}

TEST_CASE("a write that fails leaves nothing behind") {
  Catalogue catalogue;
  REQUIRE_THROWS(catalogue.session.write([&](Session& s) {
    update_file(s, catalogue.file.id, FileState::decoded, 1, {});
    throw std::runtime_error{"crash"};
  }));
  REQUIRE(find_file(catalogue.session, catalogue.file.id)->state == FileState::received);
}

TEST_CASE("an account's id follows from its name, and a token opens it until it is revoked") {
  Catalogue catalogue;
  REQUIRE(account_named(catalogue.session, "anna", kNoon).id == catalogue.account.id);
  const auto secret = make_token(catalogue.session, catalogue.account.id, "phone", "upload read", kNoon);
  REQUIRE(find_token(catalogue.session, secret)->account == catalogue.account.id);
  REQUIRE_FALSE(find_token(catalogue.session, secret + "x"));
  REQUIRE_FALSE(find_token(catalogue.session, secret)->revoked_at);
  revoke_token(catalogue.session, find_token(catalogue.session, secret)->id, kNoon);
  REQUIRE(find_token(catalogue.session, secret)->revoked_at == kNoon);
}

TEST_CASE("the same picture is found by its bytes or by its scan data") {
  Catalogue catalogue;
  REQUIRE(same_picture(catalogue.session, catalogue.account.id, sha256_of("jpeg"), {}));
  REQUIRE(same_picture(catalogue.session, catalogue.account.id, sha256_of("other"), "5ca4"));
  REQUIRE_FALSE(same_picture(catalogue.session, catalogue.account.id, sha256_of("other"), {}));
}

TEST_CASE("a refused file keeps its reason") {
  Catalogue catalogue;
  update_file(catalogue.session, catalogue.file.id, FileState::refused, 0, Refusal{Reason::no_place, "no GPS"});
  const auto file = *find_file(catalogue.session, catalogue.file.id);
  REQUIRE(file.refusal == Refusal{Reason::no_place, "no GPS"});
  REQUIRE(refusal_counts(catalogue.session).at(0).code == "no_place");
  REQUIRE_FALSE(any_file_in_work(catalogue.session, catalogue.set.id));
}

TEST_CASE("a set is quiet when its last file is older, unless it has none or is complete") {
  Catalogue catalogue;
  auto empty = catalogue.set;
  empty.id = UploadSetId::derived_from({"empty"});
  insert_upload_set(catalogue.session, empty);
  const auto received = catalogue.file.received_at;
  REQUIRE(quiet_upload_sets(catalogue.session, received).empty());
  REQUIRE(quiet_upload_sets(catalogue.session, received + 1s) == std::vector{catalogue.set.id});
  auto later = catalogue.file;
  later.id = FileId::derived_from({"later"});
  later.received_at = received + 1min;
  insert_file(catalogue.session, later);
  REQUIRE(quiet_upload_sets(catalogue.session, received + 1s).empty());
  REQUIRE(quiet_upload_sets(catalogue.session, received + 2min).size() == 1);
  set_completed(catalogue.session, catalogue.set.id, received);
  REQUIRE(quiet_upload_sets(catalogue.session, received + 2min).empty());
}

TEST_CASE("a frame comes back as it was stored") {
  Catalogue catalogue;
  auto frame = catalogue.frame("f", *LatLon::from_degrees(55.7, 13.2));
  insert_frame(catalogue.session, frame);
  insert_frame(catalogue.session, frame);
  frame.sequence = SequenceId::derived_from({"s"});
  frame.rank = 3;
  frame.state = FrameState::fused;
  frame.observation = Observation{};
  frame.verdict = FrameVerdict{.frame = frame.id};
  frame.refusal = Refusal{Reason::blurred, ""};
  frame.hd = sha256_of("hd");
  frame.line_ordinal = 0;
  update_frame(catalogue.session, frame);
  const auto back = *find_frame(catalogue.session, frame.id);
  REQUIRE(back.sequence == frame.sequence);
  REQUIRE(back.rank == 3);
  REQUIRE(back.state == FrameState::fused);
  REQUIRE(back.observation);
  REQUIRE(back.verdict->frame == frame.id);
  REQUIRE(back.refusal == frame.refusal);
  REQUIRE(back.hd == frame.hd);
  REQUIRE_FALSE(back.sd);
  REQUIRE(back.line_ordinal == 0);
  REQUIRE_FALSE(back.line_zoom);
  REQUIRE(back.place == frame.place);
}

TEST_CASE("a tile holds its published frames, each at its place in the line of its sequence") {
  Catalogue catalogue;
  const auto sequence = SequenceId::derived_from({"s"});
  for (int i = 0; i < 10; ++i) {
    auto frame = catalogue.frame("f" + std::to_string(i), *LatLon::from_degrees(55.7, 13.2 + i * 0.01));
    insert_frame(catalogue.session, frame);
    frame.sequence = sequence;
    frame.rank = i + 1;
    frame.published = true;
    frame.line_ordinal = i;
    frame.line_zoom = 0;
    update_frame(catalogue.session, frame);
  }
  const auto tile = tile_of(*LatLon::from_degrees(55.7, 13.25), 14);
  const auto frames = shown_frames_in(catalogue.session, morton_range_of(tile));
  REQUIRE(frames.size() >= 2);
  for (const auto& frame : frames) REQUIRE(line_points(catalogue.session, sequence, *frame.line_ordinal, *frame.line_ordinal).at(0).place == frame.place);
  REQUIRE(line_points(catalogue.session, sequence, -1, 4).size() == 5);
  REQUIRE(search_frames(catalogue.session, {.within = bounds_of(tile), .limit = 100}).size() == frames.size());
}

TEST_CASE("a map shows a frame as it was seen and decided, and as its device has it before that") {
  Catalogue catalogue;
  auto frame = catalogue.frame("f", *LatLon::from_degrees(55.7, 13.2));
  frame.capture.camera = {"Maker", "Model", 4000, 3000, Projection::equirectangular, 1000.0, {}};
  insert_frame(catalogue.session, frame);
  frame.sequence = SequenceId::derived_from({"s"});
  frame.published = true;
  update_frame(catalogue.session, frame);
  const auto early = *first_shown_frame(catalogue.session, *frame.sequence);
  REQUIRE(early.id == frame.id);
  REQUIRE(early.account == frame.account);
  REQUIRE(early.taken_at == frame.taken_at);
  REQUIRE(early.place == frame.place);
  REQUIRE(early.camera.model == "Model");
  REQUIRE(early.camera.projection == Projection::equirectangular);
  REQUIRE(early.width_px == 4000);
  REQUIRE_FALSE(early.line_ordinal);
  REQUIRE((early.heading_deg == 0 && early.accuracy_m == 0 && early.quality == 0));
  frame.heading_deg = 271.5;
  frame.observation = Observation{.width_px = 3000};
  frame.verdict = FrameVerdict{.frame = frame.id, .pose = {.accuracy_m = 1.75}, .quality = 0.5, .values = {{"shift_m", 1}}};
  update_frame(catalogue.session, frame);
  const auto decided = shown_frames_in(catalogue.session, morton_range_of(TileId{})).at(0);
  REQUIRE(decided.sequence == frame.sequence);
  REQUIRE(decided.heading_deg == 271.5);
  REQUIRE(decided.width_px == 3000);
  REQUIRE(decided.accuracy_m == 1.75);
  REQUIRE(decided.quality == 0.5);
  REQUIRE_FALSE(first_shown_frame(catalogue.session, SequenceId::derived_from({"other"})));
}

TEST_CASE("a tile that did not change is not written again") {
  Catalogue catalogue;
  const TileRow row{"map", *TileId::from_zxy(14, 8792, 5126), sha256_of("tile"), sha256_of("gz"), 10, sha256_of("rollup")};
  REQUIRE(put_tile(catalogue.session, row));
  REQUIRE_FALSE(put_tile(catalogue.session, row));
  REQUIRE(find_tile(catalogue.session, "map", row.tile)->hash == row.hash);
  REQUIRE_FALSE(put_tile(catalogue.session, {"map", *TileId::from_zxy(14, 1, 1), {}, {}, 0, {}}));
}

TEST_CASE("writers in several threads all get their turn and nothing is lost") {
  testing::ScratchFolder scratch;
  Session session{scratch.database()};
  migrate(session);
  const auto append = [&] {
    Session own{scratch.database()};
    for (int i = 0; i < 20; ++i) own.write([](Session& s) { append_event(s, kNoon, "test", "{}"); });
  };
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i) writers.emplace_back(append);
  }
  REQUIRE(events_since(session, 0, 1000).size() == 80);
}
