#pragma once
// What readers report about pictures and sequences.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn {
using ReportId = Id<struct ReportTag>;
}

namespace cairn::store {

struct Report {
  ReportId id;
  std::string issue;                     ///< blur_missing, privacy, …
  std::string status;                    ///< open, open_autofix, waiting, closed_solved, closed_ignored
  std::optional<FrameId> frame;
  std::optional<SequenceId> sequence;
  std::optional<AccountId> reporter, resolver;
  std::optional<std::string> reporter_email, reporter_comments, resolver_comments;
  UtcTime opened_at{};
  std::optional<UtcTime> closed_at;
};

void insert_report(Session&, const Report&);
/// Writes status, resolver and closing time.
void update_report(Session&, const Report&);
std::optional<Report> find_report(Session&, ReportId id);
/// Newest first: those that the account made, and those about what it owns.
std::vector<Report> reports_for(Session&, AccountId account, int limit);

}  // namespace cairn::store
