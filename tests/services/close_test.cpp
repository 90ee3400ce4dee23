// What an epoch is made of: the catalogue's accepted frames, by the time that their devices recorded.

#include "services/rewarder/close.hpp"
#include "services/store/accounts.hpp"
#include "services/store/epochs.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/services/scratch.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace cairn;
using namespace std::chrono_literals;
using cairn::testing::kNoon;

namespace {


/// A catalogue of one account, whose frames are all accepted.
struct Drive {
  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::UploadSet set;
  store::ReceivedFile file;

  explicit Drive(const std::string& contributor = "anna") {
    store::migrate(session);
    set.id = UploadSetId::derived_from({"set"});
    file.account = set.account = store::account_named(session, contributor, kNoon).id;
    set.created_at = file.received_at = kNoon;
    store::insert_upload_set(session, set);
    file.id = FileId::derived_from({"file"});
    file.upload_set = set.id;
    file.name = "01.jpg";
    file.kind = "picture";
    file.content = sha256_of("jpeg");
    file.scan_hash = "5ca4";
    store::insert_file(session, file);
    store::update_file(session, file.id, store::FileState::decoded, 1, {});
  }

  void accept(const std::string& name, UtcTime recorded, std::optional<UtcTime> stated) {
    store::FrameRow frame;
    frame.id = frame.capture.id = FrameId::derived_from({name});
    frame.upload_set = set.id;
    frame.file = file.id;
    frame.account = set.account;
    frame.file_name = name;
    frame.content = file.content;
    frame.place = frame.capture.fix.place = *LatLon::from_degrees(55.7, 13.2);
    frame.taken_at = frame.capture.fix.taken_at = recorded;
    store::insert_frame(session, frame);
    frame.state = store::FrameState::fused;
    frame.verdict.emplace();
    frame.verdict->pose.taken_at = recorded;
    frame.verdict->pose.place = frame.place;
    frame.verdict->quality = frame.verdict->trust = 1;
    store::Stated words;
    words.taken_at = stated;
    store::state(session, frame, words);
  }

  rewarder::Closed close(UtcTime end) {
    const auto policy = rewarder::load_policy(std::filesystem::path{CAIRN_SOURCE} / "configs" / "rewards" / "default.yaml");
    return rewarder::close_epoch(session, policy, end, end, scratch.path() / "bundles");
  }
};

}  // namespace

TEST_CASE("what an owner says of a picture's time neither holds an epoch up nor moves the picture to another") {
  Drive drive;
  drive.accept("now, said to be old", kNoon + 2h, time_from_micros(1));
  drive.accept("old, said to be of the far future", kNoon, kNoon + 24h * 365 * 100);
  REQUIRE(drive.close(kNoon + 1h).frames == 1);
  REQUIRE(drive.close(kNoon + 3h).frames == 1);
  REQUIRE(store::unpaid_frames(drive.session, kNoon + 24h * 365 * 200).empty());
}

TEST_CASE("the tables of an epoch hold no name, and no cell that a spreadsheet would take for a formula") {
  const std::string formula = "=HYPERLINK(\"http://evil.example\")";
  Drive drive{formula};
  drive.accept(formula, kNoon, {});
  const auto closed = drive.close(kNoon + 1h);
  REQUIRE(closed.paid > 0);
  int cells = 0;
  for (const auto& entry : std::filesystem::directory_iterator{closed.bundle}) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    CAPTURE(entry.path());
    REQUIRE(bytes.find("HYPERLINK") == std::string::npos);
    if (entry.path().extension() != ".csv") continue;
    std::istringstream lines{bytes};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream row{line};
      for (std::string cell; std::getline(row, cell, ','); ++cells) REQUIRE(cell.find_first_of("=+-@\t") != 0);
    }
  }
  REQUIRE(cells > 20);
}
