#include "services/store/progress.hpp"

#include "tests/catch.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

void enqueue(store::Session& session, store::Stage stage, const std::string& key, const std::string& tenant) {
  session.write([&](store::Session& writer) { store::enqueue(writer, {.stage = stage, .key = key, .tenant = tenant, .now = kNow}); });
}

nlohmann::json status_of(const Served& served, const std::string& set) { return served.client().get("/api/upload_sets/" + set + "/status").json(); }

void send_picture(const Served& served, const std::string& set) {
  REQUIRE(served.client().post_file(files_url(set), "a.jpg", picture(400)).status == 202);
}

}  // namespace

TEST_CASE("a set that waits is told what goes before it and about how long that takes") {
  const Served served;
  auto session = served.session();
  for (int i = 0; i < 5; ++i) enqueue(session, store::Stage::decode, "other" + std::to_string(i), "somebody");
  const auto set = new_set(served);
  send_picture(served, set);
  auto status = status_of(served, set);
  CHECK(status["files_by_step"]["received"] == 1);
  CHECK(status["files"][0]["step"] == "received");
  CHECK(status["queue"]["jobs_before"] == 1);  // turns: one of the other's, then this
  CHECK_FALSE(status["queue"].contains("estimate_s"));

  store::Pace pace;
  pace.workers = 2;
  pace.seconds_per_job[static_cast<std::size_t>(store::Stage::decode)] = 3;
  session.write([&pace](store::Session& writer) { store::note_pace(writer, pace); });
  CHECK_FALSE(status_of(served, set)["queue"].contains("estimate_s"));  // how long the later stages take, nobody knows yet

  for (auto& seconds : pace.seconds_per_job) seconds = seconds.value_or(0);
  session.write([&pace](store::Session& writer) { store::note_pace(writer, pace); });
  CHECK(status_of(served, set)["queue"]["estimate_s"] == 3.0);  // two jobs of 3 s, two workers
}

TEST_CASE("a file is decoding while a worker has it") {
  const Served served;
  const auto set = new_set(served);
  send_picture(served, set);
  auto session = served.session();
  session.write([](store::Session& writer) { REQUIRE(store::lease(writer, {store::Stage::decode}, 1, kNow, {}).size() == 1); });
  CHECK(status_of(served, set)["files"][0]["step"] == "decoding");
}

TEST_CASE("a frame is on the map when no tile waits to show it") {
  const Served served;
  const auto set = new_set(served);
  send_picture(served, set);
  const auto frame = publish(served, set);
  auto session = served.session();
  enqueue(session, store::Stage::tile, "map/" + tile_of(frame.place, 14).text(), "");
  CHECK(status_of(served, set)["files"][0]["step"] == "fused");
  session.write([](store::Session& writer) {
    for (const auto& job : store::lease(writer, {store::Stage::tile}, 1, kNow, {})) store::complete(writer, job, kNow);
  });
  CHECK(status_of(served, set)["files"][0]["step"] == "on_the_map");
}

TEST_CASE("the event stream tells each file's step, and ends when all is on the map") {
  const Served served;
  const auto set = new_set(served);
  send_picture(served, set);
  publish(served, set);
  const auto answer = served.client().get("/api/upload_sets/" + set + "/events");
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Content-Type") == "text/event-stream");
  CHECK(answer.header("Content-Length").empty());
  CHECK(answer.body.find("event: file\ndata: {") != std::string::npos);
  CHECK(answer.body.find("\"step\":\"on_the_map\"") != std::string::npos);
  CHECK(answer.body.find("event: end\n") != std::string::npos);
  CHECK(answer.body.find("event: file", answer.body.find("event: file") + 1) == std::string::npos);
}

TEST_CASE("nobody follows a set that he may not see") {
  const Served served;
  CHECK(served.client().get("/api/upload_sets/00000000-0000-4000-8000-000000000000/events").status == 404);
}

TEST_CASE("answers that are made while they are sent are bounded in number") {
  gateway::GatewayOptions options;
  options.limits.streamed_answers = 0;
  Served served{options};
  for (const auto& path : {"/api/upload_sets/" + new_set(served) + "/events", std::string{"/api/users/me/export"}}) {
    CAPTURE(path);
    const auto answer = served.client().get(path);
    REQUIRE(answer.status == 503);
    REQUIRE_FALSE(answer.header("Retry-After").empty());
  }
}

TEST_CASE("a sender is told what was left out of a file that was taken") {
  const Served served;
  const auto set = new_set(served);
  send_picture(served, set);
  CHECK_FALSE(status_of(served, set)["files"][0].contains("notes"));
  auto session = served.session();
  const auto file = store::files_of(session, *UploadSetId::parse(set)).at(0).id;
  session.write([&](store::Session& writer) { store::note_parts(writer, file, {{Reason::no_place, "telemetry covers 12.0 s of 20.0 s"}}); });
  const auto notes = status_of(served, set)["files"][0]["notes"];
  REQUIRE(notes.size() == 1);
  CHECK(notes[0]["reason"] == "no_place");
  CHECK(notes[0]["sentence"].get<std::string>().ends_with("telemetry covers 12.0 s of 20.0 s."));
}

TEST_CASE("a sender is told what the signatures of a receiver in a log say, and whose receiver it was") {
  const Served served;
  const auto set = new_set(served);
  send_picture(served, set);
  CHECK_FALSE(status_of(served, set)["files"][0].contains("signatures"));
  auto session = served.session();
  const auto file = store::files_of(session, *UploadSetId::parse(set)).at(0).id;
  const auto told = [&](const std::string& state, const std::string& device) {
    session.write([&](store::Session& writer) { store::note_signatures(writer, file, state, device); });
    return status_of(served, set)["files"][0]["signatures"];
  };
  CHECK(told("holds", "did:key:z1")["device"] == "did:key:z1");
  CHECK(told("altered", "did:key:z1")["sentence"].get<std::string>().ends_with("it was changed since."));
  CHECK(told("unknown_receiver", "")["state"] == "unknown_receiver");
  CHECK_FALSE(told("unknown_receiver", "").contains("device"));
}
