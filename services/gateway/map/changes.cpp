// The feed of changes: a JSON object a line, page by page, or server-sent events as they happen.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/map/change_pages.hpp"
#include "services/gateway/metrics.hpp"
#include "services/store/events.hpp"

#include <algorithm>
#include <set>

namespace cairn::gateway {
namespace {

constexpr int kUsualEvents = 1000, kMostEvents = 10'000;   // of a page

struct AskedChanges {
  std::optional<std::int64_t> since;
  int limit = kUsualEvents;
  std::set<std::string_view> families{std::begin(kChangeFamilies), std::end(kChangeFamilies)};
};

/// Nothing when a name is none of ours.
std::optional<std::set<std::string_view>> families_from(std::string_view text) {
  std::set<std::string_view> families;
  while (true) {
    const auto comma = text.find(',');
    const auto family = std::ranges::find(kChangeFamilies, text.substr(0, comma));
    if (family == std::end(kChangeFamilies)) return std::nullopt;
    families.insert(*family);
    if (comma == std::string_view::npos) return families;
    text.remove_prefix(comma + 1);
  }
}

/// Fills in what the request says; the sentence about what is wrong, or nothing.
std::optional<std::string> read_asked(const Request& request, AskedChanges& asked) {
  const auto last_event = request.header("last-event-id");
  if (const auto since = last_event && !last_event->empty() ? last_event : request.query_value("since")) {
    asked.since = whole_from(*since);
    if (!asked.since || *asked.since < 0) return "since must be a whole number: 0, or the last sequence number that you have seen";
  }
  const auto limit = limit_from(request.query_value("limit"), kUsualEvents, kMostEvents);
  if (!limit) return "limit must be a whole number from 1 to 10000";
  asked.limit = *limit;
  if (const auto kinds = request.query_value("kinds")) {
    const auto families = families_from(*kinds);
    if (!families) return "kinds are tiles, features, pictures and sequences, apart by commas";
    asked.families = *families;
  }
  return std::nullopt;
}

Response not_kept(Context& context) {
  const auto kept = store::kept_events(context.catalogue);
  return error_response(410, "Changes are kept from number " + std::to_string(kept.oldest) + " to " + std::to_string(kept.newest) +
                                 ": take a full export, which names its number (cairn_sequence), and follow from there",
                        {{"oldest", kept.oldest}, {"newest", kept.newest}});
}

std::string lines_of(const ChangePage& page, const AskedChanges& asked) {
  std::string lines;
  for (const auto& change : page.changes) {
    if (asked.families.contains(change.family)) lines.append(change.json).append("\n");
  }
  return lines;
}

/// The id comes with the last line of an event: whoever breaks off before gets all of it again.
std::string events_of(const ChangePage& page, const AskedChanges& asked) {
  std::string events;
  for (const auto& change : page.changes) {
    if (!asked.families.contains(change.family)) continue;
    if (change.ends_event) events.append("id: ").append(std::to_string(change.seq)).append("\n");
    events.append("event: ").append(change.kind).append("\ndata: ").append(change.json).append("\n\n");
  }
  if (events.empty() && page.last > asked.since) events = "id: " + std::to_string(page.last) + "\n\n";   // nothing for this follower, who needn't go through it again
  return events;
}

bool wants_events(const Request& request) {
  const auto accept = request.header("accept");
  return accept && accept->find("text/event-stream") != std::string_view::npos;
}

Response stream_changes(Context& context, AskedChanges asked) {
  if (context.metrics.streamed_answers() >= context.options.limits.streamed_answers)
    return retry_response(503, "Too many follow the changes just now: ask without text/event-stream from time to time instead", std::chrono::seconds{30});
  if (!asked.since) asked.since = store::kept_events(context.catalogue).newest;
  Response response{200, "text/event-stream", {{"Cache-Control", "no-store"}}, {}};
  const auto next = [asked = std::move(asked)](Context& now) mutable -> std::optional<std::string> {
    const auto page = now.changes.behind(now.catalogue, *asked.since, asked.limit);
    if (!page) return std::nullopt;   // it fell behind: asked again it is told so
    auto events = events_of(*page, asked);
    asked.since = page->last;
    return events;
  };
  response.body = std::make_shared<BodySource>(BodySource{next, true});
  return response;
}

}  // namespace

Response list_changes(Request& request, Context& context) {
  AskedChanges asked;
  if (const auto problem = read_asked(request, asked)) return error_response(400, *problem);
  if (asked.since && !store::kept_events(context.catalogue).reach_back_to(*asked.since)) return not_kept(context);
  if (wants_events(request)) return stream_changes(context, std::move(asked));
  const auto page = context.changes.behind(context.catalogue, asked.since.value_or(0), asked.limit);
  if (!page) return not_kept(context);
  Response response{200, "application/x-ndjson", {{"Cache-Control", "no-store"}, {"X-Last-Sequence", std::to_string(page->last)}, {"Access-Control-Expose-Headers", "Link, X-Last-Sequence"}}, lines_of(*page, asked)};
  if (page->more) {
    auto next = context.base_url + "/api/changes?since=" + std::to_string(page->last) + "&limit=" + std::to_string(asked.limit);
    if (const auto kinds = request.query_value("kinds")) next += "&kinds=" + percent_encoded(*kinds);
    response.headers.emplace_back("Link", "<" + next + ">; rel=\"next\"");
  }
  return response;
}

}  // namespace cairn::gateway
