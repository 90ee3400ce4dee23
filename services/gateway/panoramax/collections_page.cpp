#include "services/gateway/panoramax/collections_page.hpp"

#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/filter_words.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using store::SequencePage;

/// "after:<micros>_<id>", "before:<micros>_<id>" or "last".
bool read_mark(std::string_view mark, SequencePage& page) {
  if (mark == "last") return page.backwards = true;
  const auto colon = mark.find(':');
  const auto cut = mark.find('_');
  if (colon == std::string_view::npos || cut == std::string_view::npos || cut < colon) return false;
  const auto way = mark.substr(0, colon);
  const auto micros = whole_from(mark.substr(colon + 1, cut - colon - 1));
  const auto id = SequenceId::parse(mark.substr(cut + 1));
  if ((way != "after" && way != "before") || !micros || !id) return false;
  page.backwards = way == "before";
  page.beyond = std::pair{time_from_micros(*micros), *id};
  return true;
}

std::string mark_of(const char* way, const store::SequenceRow& row, SequencePage::Order order) {
  return std::string{way} + ":" + std::to_string(micros_of(store::time_of(row, order))) + "_" + row.id.text();
}

bool read_order(std::string_view text, SequencePage& page) {
  page.descending = text.starts_with('-');
  if (text.starts_with('-') || text.starts_with('+') || text.starts_with(' ')) text.remove_prefix(1);
  if (text == "created") page.order = SequencePage::Order::created;
  else if (text == "updated") page.order = SequencePage::Order::updated;
  else if (text == "datetime") page.order = SequencePage::Order::taken;
  else return false;
  return true;
}

}  // namespace

std::optional<std::string> read_page(const Request& request, const Context& context, SequencePage& page) {
  const auto limit = limit_from(request.query_value("limit"), 100, 1000);
  if (!limit) return "limit must be a whole number from 1 to 1000";
  page.limit = *limit;
  page.viewer = viewer_of(context);
  page.gone_too = lower_case(request.query_value("show_deleted").value_or("")) == "true";
  if (const auto text = request.query_value("bbox")) {
    const auto box = box_from(*text);
    if (!box) return "bbox must be west,south,east,north in degrees";
    page.within = GeoBounds{(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  }
  if (const auto text = request.query_value("datetime")) {
    const auto span = time_span_from(*text);
    if (!span) return "datetime must be an RFC 3339 time, or two apart by a slash";
    page.taken_after = span->after;
    page.taken_before = span->before;
  }
  if (const auto text = request.query_value("filter")) {
    auto filter = filter_from_text(*text, collection_words());
    if (const auto* wrong = std::get_if<std::string>(&filter)) return *wrong;
    page.filter = std::get<store::Filter>(std::move(filter));
  }
  if (const auto text = request.query_value("sortby"); text && !read_order(*text, page)) return "sortby must be created, updated or datetime, with + or - before it";
  if (const auto mark = request.query_value("page"); mark && !read_mark(*mark, page)) return "page must come from a link of an earlier answer";
  return std::nullopt;
}

std::vector<nlohmann::json> page_links(const Request& request, const std::string& url, const SequencePage& page, const std::vector<store::SequenceRow>& rows) {
  std::string same = "?limit=" + std::to_string(page.limit);
  for (const char* name : {"bbox", "datetime", "filter", "sortby", "show_deleted"}) {
    if (const auto value = request.query_value(name)) same += std::string{"&"} + name + "=" + percent_encoded(*value);
  }
  std::vector<nlohmann::json> links;
  const bool full = static_cast<int>(rows.size()) == page.limit;
  const bool at_start = !page.beyond && !page.backwards;
  const bool more_behind = page.backwards ? page.beyond.has_value() : full;
  const bool more_before = page.backwards ? full : !at_start;
  const auto add = [&](const char* rel, const std::string& mark) { links.push_back(link(rel, kJson, url + same + (mark.empty() ? "" : "&page=" + percent_encoded(mark)))); };
  if (more_before) add("first", "");
  if (more_before && !rows.empty()) add("prev", mark_of("before", rows.front(), page.order));
  if (more_behind && !rows.empty()) add("next", mark_of("after", rows.back(), page.order));
  if (more_behind) add("last", "last");
  return links;
}

}  // namespace cairn::gateway
