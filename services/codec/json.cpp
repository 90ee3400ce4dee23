#include "services/codec/codec.hpp"

#include "services/codec/record_parts.hpp"

#include <google/protobuf/util/json_util.h>
#include <simdjson.h>

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

// Reading goes by simdjson and reflection instead of protobuf's own JSON reader, which builds a stream of tokens, a binary form and
// then the message.

using simdjson::dom::element;
using Field = google::protobuf::FieldDescriptor;

void read_into(element value, google::protobuf::Message& message, Lists lists);

/// 64-bit numbers are texts in protobuf's JSON, and so are NaN and the infinities.
template <class Number>
Number number_in(element value) {
  if (!value.is_string()) {
    if constexpr (std::is_floating_point_v<Number>) return static_cast<Number>(double{value});
    else if constexpr (std::is_unsigned_v<Number>) return static_cast<Number>(std::uint64_t{value});
    else return static_cast<Number>(std::int64_t{value});
  }
  const std::string_view text = value;
  if constexpr (std::is_floating_point_v<Number>) return static_cast<Number>(std::stod(std::string{text}));
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) throw std::runtime_error{"'" + std::string{text} + "' is no number"};
  return number;
}

std::string text_in(element value) { return std::string{std::string_view{value}}; }

template <class Set, class Add>
void one_or_many(bool repeated, element value, const Set& set, const Add& add) {
  if (!repeated) return set(value);
  for (const auto one : simdjson::dom::array{value}) add(one);
}

void read_field(element value, google::protobuf::Message& m, const Field* f, Lists lists) {
  const auto& r = *m.GetReflection();
  const bool many = f->is_repeated();
  switch (f->cpp_type()) {
    case Field::CPPTYPE_INT32:
      return one_or_many(many, value, [&](element v) { r.SetInt32(&m, f, number_in<std::int32_t>(v)); }, [&](element v) { r.AddInt32(&m, f, number_in<std::int32_t>(v)); });
    case Field::CPPTYPE_INT64:
      return one_or_many(many, value, [&](element v) { r.SetInt64(&m, f, number_in<std::int64_t>(v)); }, [&](element v) { r.AddInt64(&m, f, number_in<std::int64_t>(v)); });
    case Field::CPPTYPE_UINT32:
      return one_or_many(many, value, [&](element v) { r.SetUInt32(&m, f, number_in<std::uint32_t>(v)); }, [&](element v) { r.AddUInt32(&m, f, number_in<std::uint32_t>(v)); });
    case Field::CPPTYPE_UINT64:
      return one_or_many(many, value, [&](element v) { r.SetUInt64(&m, f, number_in<std::uint64_t>(v)); }, [&](element v) { r.AddUInt64(&m, f, number_in<std::uint64_t>(v)); });
    case Field::CPPTYPE_DOUBLE:
      return one_or_many(many, value, [&](element v) { r.SetDouble(&m, f, number_in<double>(v)); }, [&](element v) { r.AddDouble(&m, f, number_in<double>(v)); });
    case Field::CPPTYPE_FLOAT:
      return one_or_many(many, value, [&](element v) { r.SetFloat(&m, f, number_in<float>(v)); }, [&](element v) { r.AddFloat(&m, f, number_in<float>(v)); });
    case Field::CPPTYPE_BOOL:
      return one_or_many(many, value, [&](element v) { r.SetBool(&m, f, bool{v}); }, [&](element v) { r.AddBool(&m, f, bool{v}); });
    case Field::CPPTYPE_STRING:
      return one_or_many(many, value, [&](element v) { r.SetString(&m, f, text_in(v)); }, [&](element v) { r.AddString(&m, f, text_in(v)); });
    case Field::CPPTYPE_MESSAGE:
      return one_or_many(many, value, [&](element v) { read_into(v, *r.MutableMessage(&m, f), lists); }, [&](element v) { read_into(v, *r.AddMessage(&m, f), lists); });
    default: throw std::runtime_error{"a record has a field of a kind that no record of ours has"};
  }
}

/// Our records have their fields in the order of the kind, so the search begins at `next`, behind the one that was found last.
const Field* find_field(const google::protobuf::Descriptor& kind, std::string_view name, int& next) {
  for (int i = next; i < kind.field_count(); ++i) {
    if (kind.field(i)->name() != name) continue;
    next = i + 1;
    return kind.field(i);
  }
  return kind.FindFieldByName(std::string{name});
}

void read_into(element value, google::protobuf::Message& message, Lists lists) {
  const auto& kind = *message.GetDescriptor();
  int next = 0;
  for (const auto [name, member] : simdjson::dom::object{value}) {
    const auto* field = find_field(kind, name, next);
    if (!field || member.is_null()) continue;  // a newer version may have added some
    if (lists == Lists::read || !field->is_repeated()) read_field(member, message, field, lists);
  }
}

template <class Record>
Record record_from(std::string_view text, Lists lists = Lists::read) {
  thread_local simdjson::dom::parser parser;  // keeps its memory from one record to the next
  Record record;
  try {
    read_into(parser.parse(text.data(), text.size()), record, lists);
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
  write_values(values, record.mutable_values());
  return json_of(record);
}

Capture capture_from_json(std::string_view json) { return from_record(record_from<records::Capture>(json)); }
Observation observation_from_json(std::string_view json, Lists lists) { return from_record(record_from<records::Observation>(json, lists)); }
FrameVerdict verdict_from_json(std::string_view json, Lists lists) { return from_record(record_from<records::Verdict>(json, lists)); }
Sighting sighting_from_json(std::string_view json) { return from_record(record_from<records::Sighting>(json)); }
Feature feature_from_json(std::string_view json, Lists lists) { return from_record(record_from<records::Feature>(json, lists)); }

Values values_from_json(std::string_view json) {
  return values_from(record_from<records::Values>(json).values());
}

}  // namespace cairn::codec
