#include "ingest/assemble.hpp"

#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/random.hpp"

#include <map>
#include <set>

using namespace cairn;
using namespace cairn::ingest;
using cairn::testing::utc;

namespace {

const LatLon kStart = *LatLon::from_degrees(55.7, 13.19);

/// A frame so many seconds into the drive, so many metres north and east of its start.
ArrivedFrame frame(double second, double north_m, double east_m = 0) {
  ArrivedFrame made;
  const auto name = "frame" + std::to_string(static_cast<int>(second * 10));
  made.capture.id = FrameId::derived_from({name, std::to_string(north_m), std::to_string(east_m)});
  made.capture.fix.taken_at = utc("2026-04-30T10:00:00Z") + std::chrono::milliseconds{static_cast<int>(second * 1000)};
  made.capture.fix.place = moved(kStart, {east_m, north_m});
  made.file_name = name + ".jpg";
  return made;
}

std::vector<ArrivedFrame> drive(int count, double step_m = 8) {
  std::vector<ArrivedFrame> frames;
  for (int i = 0; i < count; ++i) frames.push_back(frame(i, i * step_m));
  return frames;
}

std::vector<FrameId> ids_of(const std::vector<ArrivedFrame>& frames) {
  std::vector<FrameId> ids;
  for (const auto& f : frames) ids.push_back(f.capture.id);
  return ids;
}

std::map<Reason, int> reasons_of(const Assembly& assembly) {
  std::map<Reason, int> counts;
  for (const auto& out : assembly.left_out) ++counts[out.refusal.reason];
  return counts;
}

std::string text_of(const Assembly& assembly) {
  std::string text;
  for (const auto& sequence : assembly.sequences) {
    text += sequence.id.text() + ":";
    for (const auto& id : sequence.frames) text += " " + id.text();
    text += "\n";
  }
  for (const auto& out : assembly.left_out) {
    text += out.frame.text() + " " + std::string{code_of(out.refusal.reason)} + " " + out.refusal.detail + " " +
            (out.duplicate_of ? out.duplicate_of->text() : "") + "\n";
  }
  return text;
}

/// A messy set: several cameras, holes, jumps, standing, doubled frames, spoilt clocks and headings.
std::vector<ArrivedFrame> messy_set(testing::Random& random) {
  std::vector<ArrivedFrame> frames;
  double second = 0, north_m = 0;
  for (std::int64_t i = random.whole(0, 60); i > 0; --i) {
    second += random.whole(0, 20) == 0 ? 400 : random.between(0, 3);
    north_m += random.whole(0, 3) == 0 ? 0 : random.between(-2, 20);
    auto made = frame(second, random.whole(0, 15) == 0 ? north_m + 50'000 : north_m, random.between(-1, 1));
    if (random.whole(0, 4) == 0) made.capture.fix.taken_at -= std::chrono::seconds{30};
    if (random.whole(0, 1) == 0) made.capture.fix.heading_deg = random.between(0, 360);
    made.capture.camera.model = random.whole(0, 5) == 0 ? "rear" : "front";
    made.capture.sequence_hint = random.whole(0, 9) == 0 ? "other" : "";
    frames.push_back(made);
    if (random.whole(0, 9) == 0) frames.push_back(made);
  }
  return frames;
}

}  // namespace

TEST_CASE("a plain drive is one sequence in the order of time") {
  auto frames = drive(20);
  const auto in_order = ids_of(frames);
  std::ranges::reverse(frames);
  const auto assembly = assemble(frames, {});
  REQUIRE(assembly.sequences.size() == 1);
  CHECK(assembly.sequences[0].frames == in_order);
  CHECK(assembly.left_out.empty());
  CHECK(assembly.sequences[0].id == SequenceId::derived_from({"sequence", in_order[0].text()}));
  CHECK(assemble({}, {}).sequences.empty());
}

TEST_CASE("each sort method orders as its name says") {
  auto frames = drive(12);  // names frame0, frame10, … frame110: numbers, not letters
  const auto forwards = ids_of(frames);
  auto backwards = forwards;
  std::ranges::reverse(backwards);
  CHECK(assemble(frames, {.sort = SortMethod::time_desc}).sequences[0].frames == backwards);
  CHECK(assemble(frames, {.sort = SortMethod::filename_asc}).sequences[0].frames == forwards);
  CHECK(assemble(frames, {.sort = SortMethod::filename_desc}).sequences[0].frames == backwards);
  CHECK(assemble(frames, {.sort = SortMethod::filename_desc}).left_out.empty());
}

TEST_CASE("a sequence ends where the next frame is far in space or late") {
  auto frames = drive(5);
  frames.push_back(frame(10, 200));
  frames.push_back(frame(400, 205));
  const auto assembly = assemble(frames, {});
  CHECK(assembly.sequences.size() == 3);
  CHECK(assembly.left_out.empty());
  CHECK(assemble(frames, {.split_distance_m = std::nullopt, .split_time = std::nullopt}).sequences.size() == 1);
}

TEST_CASE("frames of another camera or recording make their own sequence") {
  auto frames = drive(10);
  for (std::size_t i = 0; i < frames.size(); i += 2) frames[i].capture.camera.model = "rear";
  CHECK(assemble(frames, {}).sequences.size() == 2);
  for (auto& f : frames) f.capture.camera.model.clear();
  for (std::size_t i = 0; i < 3; ++i) frames[i].capture.sequence_hint = "first";
  CHECK(assemble(frames, {}).sequences.size() == 2);
}

TEST_CASE("a frame within 1 m and 60 degrees of the kept one before it is left out, with values") {
  auto frames = drive(3);
  frames.push_back(frame(1.5, 8.4));
  frames[1].capture.fix.heading_deg = 350;
  frames[3].capture.fix.heading_deg = 20;
  const auto assembly = assemble(frames, {});
  REQUIRE(assembly.left_out.size() == 1);
  CHECK(assembly.left_out[0].frame == frames[3].capture.id);
  CHECK(assembly.left_out[0].refusal.reason == Reason::near_duplicate);
  CHECK(assembly.left_out[0].refusal.detail == "0.4 m and 30 degrees from its neighbour");
  CHECK(assembly.left_out[0].duplicate_of == frames[1].capture.id);
  frames[3].capture.fix.heading_deg = 60;
  CHECK(assemble(frames, {}).left_out.empty());
  frames[3].capture.fix.heading_deg = 350;
  CHECK(assemble(frames, {.duplicate_distance_m = std::nullopt}).left_out.empty());
}

TEST_CASE("a car that waited is one drive, and its waiting frames are near duplicates") {
  std::vector<ArrivedFrame> frames = drive(3);
  for (int second = 3; second < 700; second += 20) frames.push_back(frame(second, 16.5));
  frames.push_back(frame(705, 26));
  const auto assembly = assemble(frames, {});
  CHECK(assembly.sequences.size() == 1);
  CHECK(reasons_of(assembly) == std::map<Reason, int>{{Reason::near_duplicate, 35}});
}

TEST_CASE("a frame that jumps away and back is too fast, wherever it stands") {
  for (const int at : {0, 5, 9}) {
    auto frames = drive(10);
    frames[at].capture.fix.place = moved(kStart, {0, 5000});
    const auto assembly = assemble(frames, {});
    INFO(at);
    REQUIRE(assembly.sequences.size() == 1);
    CHECK(assembly.sequences[0].frames.size() == 9);
    REQUIRE(assembly.left_out.size() == 1);
    CHECK(assembly.left_out[0].frame == frames[at].capture.id);
    CHECK(assembly.left_out[0].refusal.reason == Reason::too_fast);
    CHECK(assembly.left_out[0].refusal.detail.find("km/h over") != std::string::npos);
  }
}

TEST_CASE("two frames in one second of a coarse clock are not too fast") {
  auto frames = drive(6, 12);
  for (std::size_t i = 1; i < frames.size(); i += 2) frames[i].capture.fix.taken_at = frames[i - 1].capture.fix.taken_at;
  CHECK(assemble(frames, {}).left_out.empty());
}

TEST_CASE("places that jump back and forth are a zig-zag") {
  std::vector<ArrivedFrame> frames;
  for (int i = 0; i < 10; ++i) frames.push_back(frame(i, i % 2 == 0 ? 0 : 30, i));
  const auto assembly = assemble(frames, {});
  CHECK(assembly.sequences.empty());
  CHECK(reasons_of(assembly) == std::map<Reason, int>{{Reason::zig_zag, 10}});
  CHECK(assembly.left_out[0].refusal.detail == "8 of 8 turns are sharper than 120 degrees");
}

TEST_CASE("a set at one place keeps its first frame, or none where near duplicates are kept") {
  std::vector<ArrivedFrame> frames;
  for (int i = 0; i < 5; ++i) frames.push_back(frame(i, 0.1 * i));
  const auto assembly = assemble(frames, {});
  REQUIRE(assembly.sequences.size() == 1);
  CHECK(assembly.sequences[0].frames == std::vector{frames[0].capture.id});
  CHECK(reasons_of(assembly) == std::map<Reason, int>{{Reason::near_duplicate, 4}});
  const auto kept = assemble(frames, {.duplicate_distance_m = std::nullopt});
  CHECK(kept.sequences.empty());
  CHECK(reasons_of(kept) == std::map<Reason, int>{{Reason::stationary, 5}});
  frames.resize(2);
  CHECK(assemble(frames, {.duplicate_distance_m = std::nullopt}).sequences.size() == 1);
}

TEST_CASE("time that runs backwards along the names leaves out the fewest frames") {
  auto frames = drive(10);
  frames[4].capture.fix.taken_at -= std::chrono::seconds{100};
  const auto assembly = assemble(frames, {.sort = SortMethod::filename_asc});
  REQUIRE(assembly.left_out.size() == 1);
  CHECK(assembly.left_out[0].frame == frames[4].capture.id);
  CHECK(assembly.left_out[0].refusal == Refusal{Reason::time_backwards, "2026-04-30T09:58:24.000000Z"});
  CHECK(assembly.sequences[0].frames.size() == 9);
}

TEST_CASE("the result depends on the set of frames only, and each frame is in it once") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int round = 0; round < 150; ++round) {
    auto frames = messy_set(random);
    AssembleRules rules{.sort = static_cast<SortMethod>(round % 4)};
    if (round % 5 == 0) rules.duplicate_distance_m.reset();
    const auto assembly = assemble(frames, rules);
    const auto text = text_of(assembly);
    for (int i = 0; i < 3; ++i) {
      std::shuffle(frames.begin(), frames.end(), random.engine());
      REQUIRE(text_of(assemble(frames, rules)) == text);
    }
    const auto ids = ids_of(frames);
    std::multiset<FrameId> seen;
    for (const auto& sequence : assembly.sequences) seen.insert(sequence.frames.begin(), sequence.frames.end());
    for (const auto& out : assembly.left_out) seen.insert(out.frame);
    const std::set<FrameId> expected{ids.begin(), ids.end()};
    REQUIRE(seen.size() == expected.size());
    REQUIRE(std::set<FrameId>{seen.begin(), seen.end()} == expected);
  }
}

TEST_CASE("assembling what was kept leaves nothing out") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int round = 0; round < 100; ++round) {
    const auto frames = messy_set(random);
    for (const auto& sequence : assemble(frames, {}).sequences) {
      std::vector<ArrivedFrame> kept;
      std::set<FrameId> wanted{sequence.frames.begin(), sequence.frames.end()};
      for (const auto& f : frames) {
        if (wanted.erase(f.capture.id)) kept.push_back(f);
      }
      const auto counts = reasons_of(assemble(kept, {}));
      REQUIRE_FALSE(counts.contains(Reason::near_duplicate));
      REQUIRE_FALSE(counts.contains(Reason::too_fast));
    }
  }
}

TEST_CASE("a drive of more frames than a sequence may have goes on in further ones, in order") {
  AssembleRules rules;
  rules.most_frames = 10;
  for (const int count : {9, 10, 11, 20, 25}) {
    const auto frames = drive(count);
    const auto assembly = assemble(frames, rules);
    std::vector<FrameId> all;
    for (const auto& sequence : assembly.sequences) {
      REQUIRE(sequence.frames.size() <= 10);
      REQUIRE(sequence.frames.size() * assembly.sequences.size() + assembly.sequences.size() > static_cast<std::size_t>(count));  // about as long
      REQUIRE(sequence.id == SequenceId::derived_from({"sequence", sequence.frames.front().text()}));
      all.insert(all.end(), sequence.frames.begin(), sequence.frames.end());
    }
    REQUIRE(assembly.sequences.size() == static_cast<std::size_t>((count + 9) / 10));
    REQUIRE(all == ids_of(frames));
  }
}
