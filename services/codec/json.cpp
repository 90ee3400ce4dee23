#include "services/codec/codec.hpp"

#include "records.pb.h"

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <type_traits>

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

// Reading goes by reflection instead of protobuf's own JSON reader, which builds a stream of tokens, a binary form and then the
// message: bench/codec measures both.

void read_into(const nlohmann::json& object, google::protobuf::Message& message);

/// 64-bit numbers are texts in protobuf's JSON, and so are NaN and the infinities.
template <class Number>
Number number_in(const nlohmann::json& value) {
  if (value.is_number()) return value.get<Number>();
  const auto& text = value.get_ref<const std::string&>();
  if constexpr (std::is_floating_point_v<Number>) return static_cast<Number>(std::stod(text));
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) throw std::runtime_error{"'" + text + "' is no number"};
  return number;
}

template <class Set, class Add>
void one_or_many(bool repeated, const nlohmann::json& value, const Set& set, const Add& add) {
  if (!repeated) return set(value);
  for (const auto& one : value) add(one);
}

void read_field(const nlohmann::json& value, google::protobuf::Message& m, const google::protobuf::FieldDescriptor* f) {
  using Field = google::protobuf::FieldDescriptor;
  using nlohmann::json;
  const auto& r = *m.GetReflection();
  const bool many = f->is_repeated();
  switch (f->cpp_type()) {
    case Field::CPPTYPE_INT32:
      return one_or_many(many, value, [&](const json& v) { r.SetInt32(&m, f, number_in<std::int32_t>(v)); }, [&](const json& v) { r.AddInt32(&m, f, number_in<std::int32_t>(v)); });
    case Field::CPPTYPE_INT64:
      return one_or_many(many, value, [&](const json& v) { r.SetInt64(&m, f, number_in<std::int64_t>(v)); }, [&](const json& v) { r.AddInt64(&m, f, number_in<std::int64_t>(v)); });
    case Field::CPPTYPE_UINT32:
      return one_or_many(many, value, [&](const json& v) { r.SetUInt32(&m, f, number_in<std::uint32_t>(v)); }, [&](const json& v) { r.AddUInt32(&m, f, number_in<std::uint32_t>(v)); });
    case Field::CPPTYPE_UINT64:
      return one_or_many(many, value, [&](const json& v) { r.SetUInt64(&m, f, number_in<std::uint64_t>(v)); }, [&](const json& v) { r.AddUInt64(&m, f, number_in<std::uint64_t>(v)); });
    case Field::CPPTYPE_DOUBLE:
      return one_or_many(many, value, [&](const json& v) { r.SetDouble(&m, f, number_in<double>(v)); }, [&](const json& v) { r.AddDouble(&m, f, number_in<double>(v)); });
    case Field::CPPTYPE_FLOAT:
      return one_or_many(many, value, [&](const json& v) { r.SetFloat(&m, f, number_in<float>(v)); }, [&](const json& v) { r.AddFloat(&m, f, number_in<float>(v)); });
    case Field::CPPTYPE_BOOL:
      return one_or_many(many, value, [&](const json& v) { r.SetBool(&m, f, v.get<bool>()); }, [&](const json& v) { r.AddBool(&m, f, v.get<bool>()); });
    case Field::CPPTYPE_STRING:
      return one_or_many(many, value, [&](const json& v) { r.SetString(&m, f, v.get<std::string>()); }, [&](const json& v) { r.AddString(&m, f, v.get<std::string>()); });
    case Field::CPPTYPE_MESSAGE:
      return one_or_many(many, value, [&](const json& v) { read_into(v, *r.MutableMessage(&m, f)); }, [&](const json& v) { read_into(v, *r.AddMessage(&m, f)); });
    default: throw std::runtime_error{"a record has a field of a kind that no record of ours has"};
  }
}

void read_into(const nlohmann::json& object, google::protobuf::Message& message) {
  if (!object.is_object()) throw std::runtime_error{"a record is no object"};
  for (const auto& [name, value] : object.items()) {
    const auto* field = message.GetDescriptor()->FindFieldByName(name);
    if (field && !value.is_null()) read_field(value, message, field);  // a newer version may have added some
  }
}

template <class Record>
Record record_from(std::string_view text) {
  Record record;
  try {
    read_into(nlohmann::json::parse(text), record);
  } catch (const std::exception& error) {
    throw std::runtime_error{std::string{"the catalogue holds a record that is no valid JSON of its kind: "} + error.what()};
  }
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
