#include "tests/services/changes/town.hpp"

#include "services/changes/private_areas.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/store/accounts.hpp"
#include "services/store/files.hpp"
#include "services/store/map.hpp"
#include "services/store/tiles.hpp"
#include "services/store/uploads.hpp"
#include "services/worker/stages.hpp"
#include "tests/catch.hpp"
#include "tiler/tile_set.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <algorithm>

namespace cairn::testing {
namespace {

using namespace coordinator;

void decode(const bus::Task& task, bus::Result& result) {
  const auto owner = *AccountId::parse(task.decode().account());
  const auto content = *Sha256::from_hex(task.decode().content());
  const int number = std::stoi(task.decode().file_name());
  Capture capture;
  capture.id = frame_id_of(owner, content, 0);
  capture.fix = {kNoon + std::chrono::seconds{number}, step(number), {}, {}, {}, {}};
  auto* frame = result.mutable_decode()->add_frames();
  *frame->mutable_capture() = codec::to_record(capture);
  frame->set_content(content.hex());
}

void assemble(const bus::Task& task, bus::Result& result) {
  std::map<std::int64_t, std::string> in_order;
  for (const auto& frame : task.assemble().frames()) in_order[micros_of(codec::from_record(frame.capture()).fix.taken_at)] = frame.capture().id();
  result.mutable_assemble();
  if (in_order.empty()) return;
  auto* sequence = result.mutable_assemble()->add_sequences();
  sequence->set_id(SequenceId::derived_from({task.lease().key()}).text());
  for (const auto& [at, id] : in_order) sequence->add_frames(id);
}

void inspect(const bus::Task& task, bus::Result& result) {
  result.mutable_inspect();
  for (const auto& frame : task.inspect().frames()) {
    auto* inspected = result.mutable_inspect()->add_frames();
    inspected->set_id(frame.id());
    *inspected->mutable_observation() = codec::to_record(Observation{});
    inspected->set_hd(sha256_of("hd" + frame.id()).hex());
    inspected->set_sd(sha256_of("sd" + frame.id()).hex());
    inspected->set_thumb(sha256_of("thumb" + frame.id()).hex());
  }
}

/// Every frame that nothing speaks against sees a sign 30 m north of it and covers a cell of its own.
void fuse(const bus::Task& task, EastNorth drift, bus::Result& result) {
  auto* fused = result.mutable_fuse();
  for (const auto& frame : task.fuse().frames()) {
    const auto capture = codec::from_record(frame.capture());
    FrameVerdict verdict;
    verdict.frame = capture.id;
    const auto place = moved(capture.fix.place, drift);
    verdict.pose = {capture.fix.taken_at, place, 0, 90, 3, 5};
    verdict.quality = verdict.trust = 0.9;
    if (frame.has_refusal()) verdict.refusal = codec::from_record(frame.refusal());
    *fused->add_verdicts() = codec::to_record(verdict);
    fused->add_hidden(frame.hidden());
    if (verdict.refusal || frame.hidden()) continue;
    fused->add_line_zooms(0);
    Sighting sighting;
    sighting.id = SightingId::derived_from({capture.id.text()});
    sighting.place = moved(place, {0, 30});
    sighting.contributor = *AccountId::parse(task.fuse().contributor());
    sighting.frames = {capture.id};
    sighting.first_seen = sighting.last_seen = capture.fix.taken_at;
    *fused->add_sightings() = codec::to_record(sighting);
    auto* visit = fused->add_coverage();
    visit->set_cell(static_cast<std::uint64_t>(place.lon_e7()));
    visit->mutable_place()->set_lat_e7(place.lat_e7());
    visit->mutable_place()->set_lon_e7(place.lon_e7());
    visit->set_last_seen(micros_of(capture.fix.taken_at));
  }
}

}  // namespace

area::PrivateArea around(double first, double last) {
  const auto corner = [](double number, double north_m) {
    const auto place = LatLon::from_e7(moved(kStart, {0, north_m}).lat_e7(), step(number).lon_e7()).value();
    return nlohmann::json{place.lon_e7() / 1e7, place.lat_e7() / 1e7};
  };
  const nlohmann::json ring{corner(first, -50), corner(last, -50), corner(last, 50), corner(first, 50), corner(first, -50)};
  auto read = area::PrivateArea::from_json({{"type", "Polygon"}, {"coordinates", {ring}}}, area::kZoneLimits);
  if (const auto* problem = std::get_if<std::string>(&read)) FAIL(*problem);
  return std::get<area::PrivateArea>(std::move(read));
}

AccountId Town::account(const std::string& name) { return store::account_named(session, name, kNoon).id; }

UploadSetId Town::drive(const std::string& name, int frames, const std::string& title) {
  store::UploadSet set;
  set.id = UploadSetId::derived_from({"set", name, title});
  set.account = account(name);
  set.title = title;
  set.created_at = set.completed_at.emplace(kNoon);
  session.write([&](store::Session& s) {
    store::insert_upload_set(s, set);
    for (int i = 0; i < frames; ++i) {
      store::ReceivedFile file;
      file.id = FileId::derived_from({"file", name, title, std::to_string(i)});
      file.upload_set = set.id;
      file.account = set.account;
      file.name = std::to_string(i);
      file.kind = "picture";
      file.content = blobs.put(store::Namespace::private_, bytes_of("original " + name + std::to_string(i)));
      file.received_at = kNoon;
      store::insert_file(s, file);
      store::enqueue(s, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = set.account.text(), .now = kNoon});
    }
  });
  return set.id;
}

bus::Result Town::answer_to(const bus::Task& task) {
  bus::Result result;
  *result.mutable_lease() = task.lease();
  if (task.has_decode()) decode(task, result);
  if (task.has_assemble()) assemble(task, result);
  if (task.has_inspect()) inspect(task, result);
  if (task.has_fuse()) fuse(task, drift, result);
  if (task.has_merge()) *result.mutable_merge() = worker::run_merge(task.merge(), tools);
  if (task.has_tile()) *result.mutable_tile() = worker::run_tile(task.tile(), tools);
  return result;
}

bus::Result Town::next_answer(store::Stage stage) {
  const auto jobs = store::lease(session, {stage}, 1, kNoon + std::chrono::hours{1}, rules.leases);
  return answer_to(brief_of(session, jobs.at(0)).value());
}

bus::Result Town::answer_at(store::Stage stage) {
  using enum store::Stage;
  auto result = next_answer(decode);
  for (const auto next : {assemble, inspect, fuse}) {
    if (result.lease().stage() == store::name_of(stage)) break;
    bring(result);
    result = next_answer(next);
  }
  return result;
}

Effect Town::bring(const bus::Result& result) {
  Effect effect{};
  session.write([&](store::Session& s) { effect = apply(s, result, kNoon, rules); });
  return effect;
}

void Town::run() {
  using enum store::Stage;
  for (int round = 0; round < 2000; ++round) {
    const auto jobs = store::lease(session, {decode, assemble, inspect, fuse, merge, tile}, 1, kNoon + std::chrono::hours{1}, rules.leases);
    if (jobs.empty()) return;
    const auto task = brief_of(session, jobs[0]);
    if (task) bring(answer_to(*task));
    if (!task) session.write([&](store::Session& s) { skip(s, jobs[0], kNoon); });
  }
  FAIL("the pipeline doesn't come to an end");
}

std::optional<std::string> Town::draw(const std::optional<AccountId>& account, const area::PrivateArea& area) {
  std::optional<std::string> id;
  session.write([&](store::Session& s) { id = changes::add_private_area(s, account, "home", area, kNoon); });
  return id;
}

std::vector<store::FrameRow> Town::frames(UploadSetId set) {
  auto list = store::frames_of_set(session, set);
  std::ranges::sort(list, {}, [](const auto& frame) { return std::pair{frame.capture.fix.taken_at, frame.id}; });
  return list;
}

std::string Town::fates(UploadSetId set) {
  std::string text;
  for (const auto& frame : frames(set)) {
    const auto reason = frame.refusal ? std::optional{frame.refusal->reason} : std::nullopt;
    text += frame.published ? '+' : reason == Reason::in_privacy_zone ? 'p' : reason == Reason::in_excluded_area ? 'e' : '?';
  }
  return text;
}

std::map<std::string, std::string> Town::map() {
  std::map<std::string, std::string> all;
  for (const auto each : tiler::kTileSets) {
    const std::string set{tiler::name_of(each)};
    for (const auto& row : store::tiles_of(session, set)) all[set + "/" + row.tile.text()] = text_of(*blobs.get(store::Namespace::public_, *row.blob));
  }
  for (const auto& feature : store::all_features(session)) all["feature " + feature.id.text()] = codec::to_json(feature);
  return all;
}

int Town::count(const std::string& table) {
  int rows = 0;
  session.sql() << "select count(*) from " + table, soci::into(rows);
  return rows;
}

}  // namespace cairn::testing
