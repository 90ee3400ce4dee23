#include "core/observation.hpp"

namespace cairn {

std::string_view code_of(ObjectClass object) {
  switch (object) {
    case ObjectClass::sign: return "sign";
    case ObjectClass::plate: return "plate";
    case ObjectClass::head: return "head";
    case ObjectClass::traffic_light: return "traffic_light";
    case ObjectClass::person: return "person";
    case ObjectClass::vehicle: return "vehicle";
  }
  return "unknown";
}

std::optional<ObjectClass> object_class_from_code(std::string_view code) {
  for (const auto object : kObjectClasses) {
    if (code_of(object) == code) return object;
  }
  return std::nullopt;
}

}  // namespace cairn
