#include "services/codec/codec.hpp"

#include "tests/catch.hpp"

#include <cmath>
#include <limits>

using namespace cairn;

TEST_CASE("a capture written as JSON reads back equal, what it does not say stays unsaid") {
  Capture capture;
  capture.id = FrameId::derived_from({"x"});
  capture.fix = {time_from_micros(1'777'636'800'000'001), *LatLon::from_degrees(55.6981671, -13.1953891), {}, 4.5, {}, 0.0, true};
  capture.camera = {"Cairn", "Simulator", 1280, 720, Projection::equirectangular, 930.25, 4.2};
  capture.orientation = 6;
  const auto back = codec::capture_from_json(codec::to_json(capture));
  REQUIRE(back.id == capture.id);
  REQUIRE(back.fix.taken_at == capture.fix.taken_at);
  REQUIRE(back.fix.place == capture.fix.place);
  REQUIRE_FALSE(back.fix.altitude_m);
  REQUIRE(back.fix.accuracy_m == 4.5);
  REQUIRE(back.fix.heading_deg == 0.0);
  REQUIRE(back.fix.receiver_signed);
  REQUIRE(back.camera.projection == Projection::equirectangular);
  REQUIRE(back.camera.focal_px == 930.25);
  REQUIRE(back.camera.focal_mm == 4.2);
  REQUIRE(back.orientation == 6);
  REQUIRE(codec::to_json(back) == codec::to_json(capture));
}

TEST_CASE("a verdict keeps its refusal and every value") {
  FrameVerdict verdict;
  verdict.frame = FrameId::derived_from({"x"});
  verdict.refusal = Refusal{Reason::too_fast, "510 km/h"};
  verdict.pose = {time_from_micros(7), *LatLon::from_degrees(1, 2), 3, 4, 5, 6};
  verdict.values = {{"speed_mps", 141.7}, {"speed_mps", 0.1}};
  const auto back = codec::verdict_from_json(codec::to_json(verdict));
  REQUIRE(back.refusal == verdict.refusal);
  REQUIRE(back.pose.place == verdict.pose.place);
  REQUIRE(back.values.size() == 2);
  REQUIRE(back.values[1].value == 0.1);
}

TEST_CASE("an observation keeps its hash, its boxes and what was hidden") {
  Observation observation;
  observation.phash = 0xfedcba9876543210ULL;
  observation.detections = {{ObjectClass::sign, {1.5f, 2, 3, 4}, 0.75f}};
  observation.redaction = {"net 1", {{"plate", 0.3}}, {{ObjectClass::plate, {5, 6, 7, 8}, 0.31f}}};
  observation.motion = Motion{100, 0.9, 3.5, -1.25, {}};
  const auto back = codec::observation_from_json(codec::to_json(observation));
  REQUIRE(back.phash == observation.phash);
  REQUIRE(back.detections.at(0).box == observation.detections.at(0).box);
  REQUIRE(back.redaction.hidden.at(0).object == ObjectClass::plate);
  REQUIRE(back.redaction.thresholds.at(0).value == 0.3);
  REQUIRE(back.motion->yaw_deg == -1.25);
  REQUIRE_FALSE(back.motion->forward);
}

TEST_CASE("a record read without its lists is the same but for these, those inside other records too") {
  Observation observation;
  observation.width_px = 1920;
  observation.quality = {QualityDecision::degrade, 0.5, {"blurred"}, {{"sharpness", 3}}};
  observation.detections = {{ObjectClass::sign, {1, 2, 3, 4}, 0.75f}};
  const auto back = codec::observation_from_json(codec::to_json(observation), codec::Lists::left_out);
  REQUIRE(back.detections.empty());
  observation.detections.clear();
  observation.quality.reasons.clear();
  observation.quality.values.clear();
  REQUIRE(codec::to_json(back) == codec::to_json(observation));
}

TEST_CASE("fields may come in any order") {
  const auto values = codec::values_from_json(R"({"values": [{"value": 3, "name": "a"}]})");
  REQUIRE(values.at(0).name == "a");
  REQUIRE(values.at(0).value == 3);
}

TEST_CASE("a record that is none is told, not guessed at") {
  REQUIRE_THROWS_WITH(codec::capture_from_json(R"({"id":"nobody"})"), ContainsText("'nobody' where an id belongs"));
  REQUIRE_THROWS_WITH(codec::capture_from_json("{"), ContainsText("no valid JSON"));
}

TEST_CASE("whole numbers stand for decimal ones, texts for what JSON has no number for, and unknown fields are left alone") {
  const auto values = codec::values_from_json(R"({"later": {"x": [1, null]}, "values": [{"name": "a", "value": 3}, {"name": "b", "value": "NaN"}, {"name": "c", "value": "-Infinity"}, {"name": "d"}]})");
  REQUIRE(values.size() == 4);
  REQUIRE(values[0].value == 3);
  REQUIRE(std::isnan(values[1].value));
  REQUIRE(values[2].value == -std::numeric_limits<double>::infinity());
  REQUIRE(values[3].value == 0);
  REQUIRE_THROWS_WITH(codec::values_from_json(R"({"values": 3})"), ContainsText("no valid JSON"));
  REQUIRE_THROWS_WITH(codec::values_from_json("[]"), ContainsText("no valid JSON"));
}
