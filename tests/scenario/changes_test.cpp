// Whoever follows the changes has what a full export has: with real processes.

#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

using namespace cairn;
using testing::Instance;
using testing::json;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Writes an archive of all tiles and gives the number of the last change in it.
std::string exported(const Instance& cairn, const fs::path& file) {
  const auto done = cairn.cairn({"tiles", "export", file.string()});
  REQUIRE(done.code == 0);
  const auto at = done.output.rfind(' ');
  return done.output.substr(at + 1, done.output.size() - at - 2);
}

void run(const Instance& cairn, const std::vector<std::string>& words) {
  CAPTURE(words);
  REQUIRE(cairn.cairn(words).code == 0);
}

}  // namespace

TEST_CASE("an upload is told in the feed, and the deltas of it make yesterday's archive today's, byte for byte") {
  Instance cairn;
  const auto drives = testing::sample_drives();
  REQUIRE(drives.size() >= 2);
  cairn.upload({drives[0]});
  cairn.wait_idle();
  const auto monday = cairn.scratch() / "monday.pmtiles", tuesday = cairn.scratch() / "tuesday.pmtiles";
  const auto since = exported(cairn, monday);
  const auto second = cairn.upload({drives[1]});
  cairn.wait_idle();
  exported(cairn, tuesday);
  REQUIRE(content_of(monday) != content_of(tuesday));

  std::set<std::string> kinds, published;
  std::istringstream lines{cairn.get_raw("/api/changes?since=" + since).body};
  for (std::string line; std::getline(lines, line);) {
    const auto change = json::parse(line);
    kinds.insert(change.at("kind"));
    if (change.at("kind") == "picture_published") published.insert(change.at("id"));
  }
  REQUIRE(kinds.contains("tile_changed"));
  REQUIRE(kinds.contains("sequence_ready"));
  for (const auto& frame : second.at("frames")) REQUIRE(published.contains(frame.at("id")) == (frame.at("state") == "published"));

  const auto delta = cairn.scratch() / "delta", made = cairn.scratch() / "made.pmtiles";
  for (const auto& words : {std::vector<std::string>{"tiles", "delta", "--since", since, "-o", delta.string()},
                            std::vector<std::string>{"tiles", "delta", monday.string(), tuesday.string(), "-o", delta.string()}}) {
    run(cairn, words);
    run(cairn, {"tiles", "apply", monday.string(), delta.string(), "-o", made.string()});
    REQUIRE(content_of(made) == content_of(tuesday));
    REQUIRE(cairn.cairn({"tiles", "apply", tuesday.string(), delta.string(), "-o", made.string()}).code != 0);
  }
  run(cairn, {"tiles", "rebuild"});
  cairn.wait_idle();
  exported(cairn, made);
  REQUIRE(content_of(made) == content_of(tuesday));   // the same tiles, and no change was told
}
