// What readers report. Whatever may hurt somebody hides its target at once, until the owner has looked at it.

#include "services/changes/visibility.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/reports.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>
#include <array>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::array kIssues{"blur_missing", "blur_excess", "inappropriate", "privacy", "picture_low_quality", "mislocated", "copyright", "other"};
constexpr std::array kHiding{"blur_missing", "inappropriate", "privacy", "copyright"};
constexpr std::size_t kLongestComment = 4096;

template <class List>
bool is_one_of(const json& value, const List& list) {
  return value.is_string() && std::ranges::any_of(list, [&](const char* word) { return value == word; });
}

json report_json(const store::Report& report, bool with_reporter) {
  json body{{"id", report.id.text()}, {"issue", report.issue}, {"status", report.status}, {"ts_opened", to_iso8601(report.opened_at)}};
  if (report.frame) body["picture_id"] = report.frame->text();
  if (report.sequence) body["sequence_id"] = report.sequence->text();
  if (report.reporter_comments) body["reporter_comments"] = *report.reporter_comments;
  if (report.resolver_comments) body["resolver_comments"] = *report.resolver_comments;
  if (report.closed_at) body["ts_closed"] = to_iso8601(*report.closed_at);
  if (report.resolver) body["resolver_account_id"] = report.resolver->text();
  if (with_reporter && report.reporter_email) body["reporter_email"] = *report.reporter_email;
  if (with_reporter && report.reporter) body["reporter_account_id"] = report.reporter->text();
  return body;
}

/// A text of the body; a problem when it is none.
std::optional<std::string> comment(const json& body, const char* name, json& problems) {
  if (!body.contains(name) || body[name].is_null()) return std::nullopt;
  if (body[name].is_string() && body[name].get_ref<const std::string&>().size() <= kLongestComment) return as_utf8(body[name].get_ref<const std::string&>());
  problems.push_back(problem(name, "must be a text of at most 4096 bytes", body[name]));
  return std::nullopt;
}

template <class AnyId>
std::optional<AnyId> id_at(const json& body, const char* name, json& problems) {
  if (!body.contains(name) || body[name].is_null()) return std::nullopt;
  const auto id = body[name].is_string() ? AnyId::parse(body[name].get<std::string>()) : std::nullopt;
  if (!id) problems.push_back(problem(name, "must be a UUID", body[name]));
  return id;
}

/// Who owns what a report is about; nothing when the caller sees no such thing.
std::optional<AccountId> owner_of_target(const store::Report& report, Context& context) {
  if (report.frame) {
    const auto frame = store::find_frame(context.catalogue, *report.frame);
    if (!frame || frame->refusal || !may_see(context, frame->shown_to, frame->account)) return std::nullopt;
    return frame->account;
  }
  const auto sequence = report.sequence ? store::find_sequence(context.catalogue, *report.sequence) : std::nullopt;
  if (!sequence || sequence->deleted_at || !may_see(context, sequence->shown_to, sequence->account)) return std::nullopt;
  return sequence->account;
}

void hide_target(store::Session& session, const store::Report& report, UtcTime now) {
  if (report.frame) {
    if (const auto frame = store::find_frame(session, *report.frame)) changes::set_visibility_of_frame(session, *frame, "owner-only", now);
  } else if (auto sequence = store::find_sequence(session, *report.sequence)) {
    changes::set_visibility_of_sequence(session, *sequence, "owner-only", now);
  }
}

/// The report that the path names, for those who may read it: who made it and whose picture it is about.
std::variant<store::Report, Response> requested(const Request& request, Context& context) {
  if (!context.caller) return error_response(401, "Send a token to read reports");
  const auto id = ReportId::parse(request.parameter("report"));
  const auto report = id ? store::find_report(context.catalogue, *id) : std::nullopt;
  if (!report) return error_response(404, "There is no such report");
  const bool may_read = report->reporter == context.caller->account || owner_of_target(*report, context) == context.caller->account;
  if (!may_read) return error_response(403, "Only who made a report and whose picture it is about may read it");
  return *report;
}

}  // namespace

Response add_report(Request& request, Context& context) {
  auto parsed = object_from(request, "the report");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto& body = std::get<json>(parsed);
  auto problems = json::array();
  store::Report report;
  const auto issue = body.contains("issue") ? body["issue"] : json();
  if (!is_one_of(issue, kIssues)) problems.push_back(problem("issue", "must be one of blur_missing, blur_excess, inappropriate, privacy, picture_low_quality, mislocated, copyright, other", issue));
  report.frame = id_at<FrameId>(body, "picture_id", problems);
  report.sequence = id_at<SequenceId>(body, "sequence_id", problems);
  report.reporter_email = comment(body, "reporter_email", problems);
  report.reporter_comments = comment(body, "reporter_comments", problems);
  if (problems.empty() && !report.frame && !report.sequence) problems.push_back(problem("", "picture_id or sequence_id must say what the report is about", body));
  if (!problems.empty()) return invalid("The report can't be made: see details", problems);
  const auto owner = owner_of_target(report, context);
  if (!owner) return report.frame ? no_such_picture() : no_such_collection();

  report.id = ReportId::random();
  report.issue = issue;
  const bool hides = is_one_of(issue, kHiding);
  report.status = hides ? "open_autofix" : "open";
  if (context.caller && context.caller->has_token) report.reporter = context.caller->account;
  report.opened_at = context.now;
  context.catalogue.write([&](store::Session& session) {
    store::insert_report(session, report);
    if (hides) hide_target(session, report, context.now);
  });
  return json_response(200, report_json(report, false));
}

Response show_report(Request& request, Context& context) {
  auto found = requested(request, context);
  if (auto* refusal = std::get_if<Response>(&found)) return std::move(*refusal);
  return json_response(200, report_json(std::get<store::Report>(found), true));
}

Response patch_report(Request& request, Context& context) {
  auto found = requested(request, context);
  if (auto* refusal = std::get_if<Response>(&found)) return std::move(*refusal);
  auto& report = std::get<store::Report>(found);
  const auto owner = owner_of_target(report, context);
  if (!owner || !owns(context, *owner)) return error_response(403, "Only whose picture a report is about may settle it");
  auto parsed = object_from(request, "the changes");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto& body = std::get<json>(parsed);
  auto problems = json::array();
  const auto status = body.contains("status") ? body["status"] : json();
  if (!is_one_of(status, std::array{"waiting", "closed_solved", "closed_ignored"})) problems.push_back(problem("status", "must be one of waiting, closed_solved, closed_ignored", status));
  report.resolver_comments = comment(body, "resolver_comments", problems);
  if (!problems.empty()) return invalid("The report can't be changed: see details", problems);
  report.status = status;
  report.resolver = context.caller->account;
  report.closed_at = report.status == "waiting" ? std::nullopt : std::optional{context.now};
  context.catalogue.write([&](store::Session& session) { store::update_report(session, report); });
  return json_response(200, report_json(report, true));
}

Response list_reports(Request& request, Context& context) {
  if (!context.caller) return error_response(401, "Send a token to read reports");
  const auto limit = limit_from(request.query_value("limit"), 100, 1000);
  if (!limit) return error_response(400, "limit must be a whole number from 1 to 1000");
  auto reports = json::array();
  for (const auto& report : store::reports_for(context.catalogue, context.caller->account, *limit)) reports.push_back(report_json(report, true));
  return json_response(200, {{"reports", reports}});
}

}  // namespace cairn::gateway
