#pragma once
// What requests for changes of upload sets, collections and items have in common.

#include "services/gateway/panoramax/semantics.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::gateway {

bool is_given(const nlohmann::json& body, const char* name);
/// Nothing when it isn't given, is no number, or lies outside.
std::optional<double> number_at(const nlohmann::json& body, const char* name, double least, double most);

/// Visibility and tags, with what is wrong about them.
struct Words {
  std::optional<std::string> visibility;
  std::vector<TagChange> tags;
  nlohmann::json problems = nlohmann::json::array();
};
Words words_in(const nlohmann::json& body);

}  // namespace cairn::gateway
