#pragma once
// What several records are made of. Included by codec/*.cpp only.

#include "core/feature.hpp"
#include "core/lat_lon.hpp"
#include "core/observation.hpp"
#include "records.pb.h"

#include <optional>
#include <stdexcept>
#include <string>

namespace cairn::codec {

template <class AnyId>
AnyId id_from(const std::string& text) {
  const auto id = AnyId::parse(text);
  if (!id) throw std::runtime_error{"a record holds '" + text + "' where an id belongs"};
  return *id;
}

inline void write_place(LatLon place, records::Place* to) {
  to->set_lat_e7(place.lat_e7());
  to->set_lon_e7(place.lon_e7());
}

inline LatLon place_from(const records::Place& record) {
  const auto place = LatLon::from_e7(record.lat_e7(), record.lon_e7());
  if (!place) throw std::runtime_error{"a record holds a place that is not on the globe"};
  return *place;
}

inline void write_values(const Values& values, google::protobuf::RepeatedPtrField<records::Value>* to) {
  for (const auto& value : values) {
    auto* record = to->Add();
    record->set_name(value.name);
    record->set_value(value.value);
  }
}

inline Values values_from(const google::protobuf::RepeatedPtrField<records::Value>& records) {
  Values values;
  for (const auto& record : records) values.push_back({record.name(), record.value()});
  return values;
}

inline ObjectClass object_from(const std::string& code) {
  const auto object = object_class_from_code(code);
  if (!object) throw std::runtime_error{"a record names the unknown object class '" + code + "'"};
  return *object;
}

template <class T>
std::optional<T> maybe(bool there, T value) {
  return there ? std::optional<T>{value} : std::nullopt;
}

}  // namespace cairn::codec
