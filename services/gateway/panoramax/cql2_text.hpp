#pragma once
// CQL2's text form, as its JSON form.

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string_view>

namespace cairn::gateway {

inline constexpr int kDeepestFilter = 32;

/// What is wrong with a filter; travels within cql2*.cpp only.
struct WrongFilter : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws WrongFilter.
nlohmann::json filter_tree_of(std::string_view text);

}  // namespace cairn::gateway
