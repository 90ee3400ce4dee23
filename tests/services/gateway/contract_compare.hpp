#pragma once
// How an answer of ours differs from a recorded one, and which differences are intended.

#include "tests/services/gateway/http_client.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::testing {

/// What differs: the status; else the kind of content, fields of theirs that ours lacks or has with another JSON type, links by
/// their relations. Of a list the first element is compared with the one of ours that comes closest. A field that only ours has is no
/// difference: clients pass over what they don't know, and what was recorded was cut.
std::vector<std::string> differences(const nlohmann::json& sample, const Answer& answer);

/// The table of lines "sample: difference | reason".
class IntendedDifferences {
 public:
  explicit IntendedDifferences(const std::filesystem::path& table);
  /// Whether the table names it: an entry of sample * is for all of them, a * in the difference stands for any text.
  bool holds(std::string_view sample, const std::string& difference);
  /// Entries that nothing was found for, and lines without a reason.
  std::vector<std::string> idle() const;

 private:
  std::vector<std::string> entries_, unreasoned_;
  std::set<std::string> used_;
};

}  // namespace cairn::testing
