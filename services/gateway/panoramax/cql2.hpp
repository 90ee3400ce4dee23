#pragma once
// Filters in CQL2 (OGC 21-065), text or JSON: comparisons of named properties with literals, IN, IS NULL, AND, OR, NOT.

#include "services/store/filter.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace cairn::gateway {

/// What a filter may ask about.
struct FilterWords {
  /// A property and its column.
  struct Word {
    std::string_view name;
    std::string_view column;
    enum class Kind { time, number, text, flag } kind;   ///< flag: set or not, asked with TRUE and FALSE
    std::string_view description = {};
  };
  std::vector<Word> words;
  std::string_view subject;   ///< column with the id that tags are about: allows semantics and semantics.KEY; empty: none
};

/// The condition, or the sentence about what is wrong. At most 8,192 bytes, 64 comparisons, 32 levels.
std::variant<store::Filter, std::string> filter_from_text(std::string_view text, const FilterWords& words);
std::variant<store::Filter, std::string> filter_from_json(const nlohmann::json& tree, const FilterWords& words);

}  // namespace cairn::gateway
