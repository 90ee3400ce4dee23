#pragma once
// Core values <-> records.proto messages <-> JSON text. Reading back what was written gives an equal value.

#include "core/capture.hpp"
#include "core/feature.hpp"
#include "core/observation.hpp"

#include <string>
#include <string_view>

namespace cairn::records {
class Capture;
class Observation;
class Verdict;
class Sighting;
class Feature;
class Refusal;
class Fix;
}  // namespace cairn::records

namespace cairn::codec {

records::Capture to_record(const Capture&);
records::Observation to_record(const Observation&);
records::Verdict to_record(const FrameVerdict&);
records::Sighting to_record(const Sighting&);
records::Feature to_record(const Feature&);
records::Refusal to_record(const Refusal&);
records::Fix to_record(const Fix&);

/// These throw std::runtime_error when a record holds an id, code or place that is none: the sender was no worker of ours.
Capture from_record(const records::Capture&);
Observation from_record(const records::Observation&);
FrameVerdict from_record(const records::Verdict&);
Sighting from_record(const records::Sighting&);
Feature from_record(const records::Feature&);
Refusal from_record(const records::Refusal&);
Fix from_record(const records::Fix&);

/// One line of JSON, the same for equal values.
std::string to_json(const Capture&);
std::string to_json(const Observation&);
std::string to_json(const FrameVerdict&);
std::string to_json(const Sighting&);
std::string to_json(const Feature&);
std::string to_json(const Values&);

/// A map shows no lists (detections, values, sightings), and they are most of a record.
enum class Lists { read, left_out };
Capture capture_from_json(std::string_view);
Observation observation_from_json(std::string_view, Lists = Lists::read);
FrameVerdict verdict_from_json(std::string_view, Lists = Lists::read);
Sighting sighting_from_json(std::string_view);
Feature feature_from_json(std::string_view, Lists = Lists::read);
Values values_from_json(std::string_view);

}  // namespace cairn::codec
