#pragma once
// Numbers in what senders stated, as the gateway stored it.

#include <nlohmann/json.hpp>

#include <optional>

namespace cairn::coordinator {

/// A value of the wrong type counts as not stated.
inline std::optional<double> number_in(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? std::optional{found->get<double>()} : std::nullopt;
}

}  // namespace cairn::coordinator
