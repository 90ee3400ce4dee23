#pragma once
// The "where" of a query that is put together. Included by store/*.cpp only.

#include "core/id.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::store {

/// A condition in text form from numbers, ids and filters only: nothing a user wrote gets into it.
class Conditions {
 public:
  void add(const std::string& condition) { text_ += (text_.empty() ? " where " : " and ") + condition; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

inline std::string e7_text(double deg) { return std::to_string(static_cast<std::int64_t>(deg * 1e7)); }

/// What a viewer may see of rows with account_id and shown_to.
inline std::string visible_to(const std::optional<AccountId>& viewer) {
  return viewer ? "(shown_to <> 'owner-only' or account_id = '" + viewer->text() + "')" : "shown_to = 'anyone'";
}

}  // namespace cairn::store
