// What large answers to readers cost. Prints figures and judges none: see docs/performance.md.

#include "bench/cpu_seconds.hpp"
#include "services/store/map.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/services/gateway/people.hpp"

#include <chrono>
#include <iostream>

using namespace cairn;
using namespace cairn::testing;

namespace {

constexpr int kItems = 1000;

/// As vision and fusion leave a frame: with all values that led to its verdict.
void judge(store::FrameRow& frame) {
  auto& seen = *frame.observation;
  seen.quality.values = {{"sharpness", 0.658336704330287}, {"textured_cells", 32}, {"dark_share", 0.0383192274305555}, {"clipped_share", 0.00543619791666666}, {"entropy_bits", 7.66686861762009}, {"mean_luma", 126.717913411458}};
  seen.detections = {{ObjectClass::sign, {470.5F, 95.75F, 484.5F, 110.75F}, 0.65F}, {ObjectClass::vehicle, {170.5F, 395.75F, 284.5F, 510.75F}, 0.85F}};
  seen.motion = Motion{69, 0.420289855072463, 29.7064869177624, 0.229663493095876, 0.997707368367965};
  seen.redaction = {"mapnet-s 2 bfloat16 + opencv-cascades 4.6", {{"plate", 0.3}, {"head", 0.2}}, {{ObjectClass::head, {470.5F, 395.75F, 484.5F, 410.75F}, 0.65F}}};
  auto& verdict = frame.verdict.emplace();
  verdict.frame = frame.id;
  verdict.pose = {frame.taken_at, frame.place, 38, 332.511204838128, 8.70258244352301, 1.22527251666733};
  verdict.trust = verdict.quality = 0.799952898061663;
  for (const char* name : {"shift_m", "speed_mps", "acceleration_mps2", "stuck_s", "heading_sigma_deg", "motion_windows", "motion_visual_spread_dps", "motion_track_spread_dps",
                           "motion_correlation", "motion_lag_s", "motion_residual_dps", "motion_informative", "motion_llr", "still_share", "still_llr", "trust"})
    verdict.values.push_back({name, 0.535458257448601});
}

/// Asks a few times; the least CPU and wall time of one answer, in milliseconds.
void tell(const Served& served, const char* what, const std::string& path, std::size_t features) {
  double cpu_ms = 1e9, wall_ms = 1e9;
  std::size_t bytes = 0;
  for (int i = 0; i < 10; ++i) {
    const auto cpu = cpu_seconds();
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = served.client().get(path);
    cpu_ms = std::min(cpu_ms, 1000 * (cpu_seconds() - cpu));
    wall_ms = std::min(wall_ms, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
    bytes = answer.body.size();
    REQUIRE(answer.json()["features"].size() == features);
  }
  std::cout << what << ": " << cpu_ms << " ms CPU, " << wall_ms << " ms, " << bytes << " bytes\n";
}

}  // namespace

TEST_CASE("a thousand pictures are answered in one page") {
  Served served;
  auto session = served.session();
  const auto drive = make_drive(session, served.blobs(), {.account = add_person(served, "anna"), .frames = kItems, .redacted = Bytes(10)});
  session.write([&](store::Session& writer) {
    for (auto frame : drive.frames) {
      judge(frame);
      store::update_frame(writer, frame);
    }
  });
  tell(served, "1,000 items of a collection", "/api/collections/" + drive.sequence.text() + "/items?limit=1000", kItems);
  tell(served, "1,000 items of a search", "/api/search?bbox=13,55,14,56&limit=1000", kItems);
}

TEST_CASE("a thousand features are answered in one page") {
  Served served;
  auto session = served.session();
  std::vector<Feature> features;
  for (int i = 0; i < kItems; ++i) {
    Feature feature;
    feature.id = FeatureId::derived_from({"feature", std::to_string(i)});
    feature.place = *LatLon::from_degrees(55.698 + i * 1e-6, 13.195);
    for (int s = 0; s < 5; ++s) feature.sightings.push_back(SightingId::derived_from({std::to_string(i), std::to_string(s)}));
    features.push_back(feature);
  }
  session.write([&](store::Session& writer) { store::replace_features(writer, tile_of(features[0].place, 14), features); });
  tell(served, "1,000 features", "/api/features?bbox=13,55,14,56&limit=1000", kItems);
}
