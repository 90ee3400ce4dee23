// The parts of `cairn upload` that need no server.

#include "services/cli/upload.hpp"
#include "services/cli/upload_journal.hpp"
#include "services/cli/upload_patience.hpp"
#include "services/cli/upload_wait.hpp"
#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <cstdlib>
#include <fstream>

using namespace cairn;
using namespace cairn::cli;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

fs::path made(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream{file} << text;
  return file;
}

HttpAnswer busy(const std::string& retry_after) { return {429, "", {{"retry-after", retry_after}}}; }

}  // namespace

TEST_CASE("a rate is bytes a second, with a unit of powers of 1000") {
  REQUIRE(rate_from("800") == 800);
  REQUIRE(rate_from("800k") == 800'000);
  REQUIRE(rate_from("1.5M") == 1'500'000);
  REQUIRE(rate_from("2G") == 2'000'000'000);
  for (const char* text : {"", "M", "0", "-1", "2MB", "2 M", "nan", "inf", "1e99"}) {
    CAPTURE(text);
    REQUIRE_FALSE(rate_from(text));
  }
}

TEST_CASE("a server's Retry-After is honoured up to ten minutes, else pauses double up to 30 s") {
  const auto told = busy("7");
  REQUIRE(pause_before_retry(0, &told) == 7s);
  const auto long_pause = busy("86400");
  REQUIRE(pause_before_retry(0, &long_pause) == 10min);
  const auto date = busy("Fri, 01 May 2026 12:00:00 GMT");
  for (const auto* answer : {&date, static_cast<const HttpAnswer*>(nullptr)}) {
    REQUIRE(pause_before_retry(0, answer) >= 500ms);
    REQUIRE(pause_before_retry(2, answer) >= 2s);
    REQUIRE(pause_before_retry(2, answer) <= 2500ms);
    REQUIRE(pause_before_retry(40, answer) >= 30s);
    REQUIRE(pause_before_retry(40, answer) <= 38s);
  }
}

TEST_CASE("what passes is tried again, what is refused for good is not") {
  for (const long status : {408, 423, 429, 500, 502, 503, 504, 507}) REQUIRE(is_passing(status));
  for (const long status : {200, 204, 400, 401, 403, 404, 409, 410, 413, 415, 460, 501}) REQUIRE_FALSE(is_passing(status));
}

TEST_CASE("of a folder what has an ending of ours is sent, tracks first, under names that stay apart") {
  const testing::ScratchFolder scratch;
  for (const char* name : {"ride/b.JPG", "ride/a/1.jpg", "ride/z.gpx", "ride/.hidden.jpg", "ride/notes.txt", "ride/GPSData000001.txt"}) made(scratch.path() / name, "x");
  made(scratch.path() / "other" / "b.JPG", "x");
  const auto files = files_to_send({scratch.path() / "ride", scratch.path() / "other" / "b.JPG", scratch.path() / "ride" / "notes.txt"});
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.name);
  REQUIRE(names == std::vector<std::string>{"GPSData000001.txt", "z.gpx", "other_b.JPG", "a_1.jpg", "ride_b.JPG", "notes.txt"});
  for (const char* name : {"a.gpx", "a.NMEA", "a_N.gps", "km_1.json", "gpsdata000002.TXT"}) REQUIRE(is_track_name(name));
  for (const char* name : {"a.jpg", "package.json", "km_1.bin", "notes.txt"}) REQUIRE_FALSE(is_track_name(name));
  REQUIRE_THROWS(files_to_send({scratch.path() / "nowhere"}));
}

TEST_CASE("a journal remembers the set and the addresses of files, until a file is another") {
  const testing::ScratchFolder scratch;
  ::setenv("XDG_STATE_HOME", (scratch.path() / "state").c_str(), 1);
  const auto path = made(scratch.path() / "a.jpg", "some bytes");
  const std::vector<FileToSend> files{{path, "a.jpg"}};
  UploadOptions options;
  {
    UploadJournal journal{options, files};
    REQUIRE_FALSE(journal.set());
    journal.begin("a set");
    journal.note(path, "http://cairn.test/files/1");
  }
  const UploadJournal again{options, files};
  REQUIRE(again.set() == "a set");
  REQUIRE(again.address_of(path) == "http://cairn.test/files/1");
  options.resume = false;
  REQUIRE_FALSE(UploadJournal{options, files}.set());
  made(path, "other bytes");
  REQUIRE_FALSE(again.address_of(path));
}

TEST_CASE("a pace lets so many bytes a second through, and saves up nothing while nobody sends") {
  const std::chrono::steady_clock::time_point start{1h};
  Pace pace{1000};
  REQUIRE(pace.turn_of(500, start) == start);
  REQUIRE(pace.turn_of(2000, start) == start + 500ms);
  REQUIRE(pace.turn_of(1, start + 1s) == start + 2500ms);
  REQUIRE(pace.turn_of(1000, start + 1min) == start + 1min);
  REQUIRE(pace.turn_of(1, start + 1min) == start + 1min + 1s);
}

TEST_CASE("without a limit nothing waits") {
  const std::chrono::steady_clock::time_point start{1h};
  Pace pace{0};
  for (int i = 0; i < 3; ++i) REQUIRE(pace.turn_of(1'000'000'000, start) == start);
}

TEST_CASE("events are read alike however their bytes arrive in pieces") {
  const std::string stream = ":\n\nevent: file\ndata: {\"id\":1}\n\nevent: progress\ndata: {\"ready\":true}\n\nevent: end\n\n";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    std::vector<std::string> heard;
    EventReader reader{[&heard](const std::string& name, const std::string& data) { heard.push_back(name + data); }};
    for (std::size_t at = 0; at < stream.size(); at += size) reader.add(std::string_view{stream}.substr(at, size));
    CAPTURE(size);
    REQUIRE(heard == std::vector<std::string>{"file{\"id\":1}", "progress{\"ready\":true}"});
  }
}

TEST_CASE("a server whose event has no end is left") {
  EventReader reader{[](const std::string&, const std::string&) {}};
  const std::string piece(1 << 16, 'x');
  REQUIRE_THROWS_AS([&] { for (int i = 0; i < 100; ++i) reader.add(piece); }(), HttpTrouble);
}

TEST_CASE("who waits is told how many files have their verdict, who goes first, and how long it may take") {
  const auto summary = nlohmann::json::parse(R"({"files_by_step": {"received": 3, "fused": 1, "on_the_map": 2, "refused": 1},
                                                 "queue": {"jobs_before": 12, "estimate_s": 200}})");
  REQUIRE(waiting_line(summary) == "checking: 4 of 7 files have their verdict, 12 jobs of others go first, about 3 min left");
  REQUIRE(waiting_line(nlohmann::json::object()) == "checking: 0 of 0 files have their verdict");
}
