#include "services/codec/codec.hpp"

#include "records.pb.h"

#include <google/protobuf/util/json_util.h>

#include <stdexcept>

namespace cairn::codec {
namespace {

std::string json_of(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) throw std::runtime_error{"a record can't be written as JSON: " + status.ToString()};
  return text;
}

template <class Record>
Record record_from(std::string_view json) {
  Record record;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // a newer version may have added some
  const auto status = google::protobuf::util::JsonStringToMessage(std::string{json}, &record, options);
  if (!status.ok()) throw std::runtime_error{"the catalogue holds a record that is no valid JSON: " + status.ToString()};
  return record;
}

}  // namespace

std::string to_json(const Capture& capture) { return json_of(to_record(capture)); }
std::string to_json(const Observation& observation) { return json_of(to_record(observation)); }
std::string to_json(const FrameVerdict& verdict) { return json_of(to_record(verdict)); }
std::string to_json(const Sighting& sighting) { return json_of(to_record(sighting)); }
std::string to_json(const Feature& feature) { return json_of(to_record(feature)); }

std::string to_json(const Values& values) {
  records::Values record;
  for (const auto& value : values) {
    auto* one = record.add_values();
    one->set_name(value.name);
    one->set_value(value.value);
  }
  return json_of(record);
}

Capture capture_from_json(std::string_view json) { return from_record(record_from<records::Capture>(json)); }
Observation observation_from_json(std::string_view json) { return from_record(record_from<records::Observation>(json)); }
FrameVerdict verdict_from_json(std::string_view json) { return from_record(record_from<records::Verdict>(json)); }
Sighting sighting_from_json(std::string_view json) { return from_record(record_from<records::Sighting>(json)); }
Feature feature_from_json(std::string_view json) { return from_record(record_from<records::Feature>(json)); }

Values values_from_json(std::string_view json) {
  const auto record = record_from<records::Values>(json);
  Values values;
  for (const auto& value : record.values()) values.push_back({value.name(), value.value()});
  return values;
}

}  // namespace cairn::codec
