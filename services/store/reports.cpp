#include "services/store/reports.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

Report report_from(const soci::row& row) {
  Report report;
  report.id = id_of<ReportId>(row, "id");
  report.issue = text_of_row(row, "issue");
  report.status = text_of_row(row, "status");
  report.frame = maybe_id<FrameId>(row, "frame_id");
  report.sequence = maybe_id<SequenceId>(row, "sequence_id");
  report.reporter = maybe_id<AccountId>(row, "reporter_id");
  report.resolver = maybe_id<AccountId>(row, "resolver_id");
  report.reporter_email = maybe_text(row, "reporter_email");
  report.reporter_comments = maybe_text(row, "reporter_comments");
  report.resolver_comments = maybe_text(row, "resolver_comments");
  report.opened_at = time_of(row, "opened_at");
  report.closed_at = maybe_time(row, "closed_at");
  return report;
}

}  // namespace

void insert_report(Session& session, const Report& report) {
  const auto id = report.id.text();
  const auto frame = bound(report.frame);
  const auto sequence = bound(report.sequence);
  const auto reporter = bound(report.reporter);
  const auto email = bound(report.reporter_email);
  const auto comments = bound(report.reporter_comments);
  const long long opened = micros_of(report.opened_at);
  session.sql() << "insert into reports(id, issue, status, frame_id, sequence_id, reporter_id, reporter_email, reporter_comments, opened_at) "
                   "values (:id, :issue, :status, :frame, :sequence, :reporter, :email, :comments, :opened)",
      use(id, "id"), use(report.issue, "issue"), use(report.status, "status"), use(frame.value, frame.indicator, "frame"),
      use(sequence.value, sequence.indicator, "sequence"), use(reporter.value, reporter.indicator, "reporter"),
      use(email.value, email.indicator, "email"), use(comments.value, comments.indicator, "comments"), use(opened, "opened");
}

void update_report(Session& session, const Report& report) {
  const auto id = report.id.text();
  const auto resolver = bound(report.resolver);
  const auto comments = bound(report.resolver_comments);
  const auto closed = bound(report.closed_at);
  session.sql() << "update reports set status = :status, resolver_id = :resolver, resolver_comments = :comments, closed_at = :closed where id = :id",
      use(report.status, "status"), use(resolver.value, resolver.indicator, "resolver"), use(comments.value, comments.indicator, "comments"),
      use(closed.value, closed.indicator, "closed"), use(id, "id");
}

std::optional<Report> find_report(Session& session, ReportId id) {
  const auto text = id.text();
  return first_from((session.sql().prepare << "select * from reports where id = :id", use(text, "id")), report_from);
}

std::vector<Report> reports_for(Session& session, AccountId account, int limit) {
  const auto text = account.text();
  return all_from((session.sql().prepare << "select * from reports where reporter_id = :account or frame_id in (select id from frames where account_id = :account) "
                                            "or sequence_id in (select id from sequences where account_id = :account) order by opened_at desc, id limit " +
                                                std::to_string(limit),
                   use(text, "account")),
                  report_from);
}

}  // namespace cairn::store
