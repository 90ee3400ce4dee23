// The newest collections for feed readers.

#include "services/gateway/links.hpp"
#include "services/gateway/markup.hpp"
#include "services/gateway/panoramax/collections_page.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/accounts.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {
namespace {

std::string element(const char* name, const std::string& text) { return std::string{"<"} + name + ">" + markup_text(text) + "</" + name + ">"; }

std::string item_of(Context& context, const store::SequenceRow& row) {
  const auto url = context.base_url + "/api/collections/" + row.id.text();
  const auto account = store::find_account(context.catalogue, row.account);
  const auto author = account ? account->name : row.account.text();
  const auto place = nlohmann::json(row.south_west.lat_deg()).dump() + " " + nlohmann::json(row.south_west.lon_deg()).dump();
  return "<item>" + element("title", row.title) + element("link", context.base_url + "/#map=17/" + place.substr(0, place.find(' ')) + "/" + place.substr(place.find(' ') + 1)) +
         element("description", "\"" + row.title + "\" by " + author + ", taken on " + stac_time(row.first_taken_at)) + element("author", author) +
         element("pubDate", http_date(row.created_at)) + "<enclosure url=\"" + markup_text(url) + "/thumb.jpg\" length=\"0\" type=\"image/jpeg\"/>" +
         "<guid isPermaLink=\"true\">" + markup_text(url) + "</guid>" + element("georss:point", place) + "</item>";
}

}  // namespace

Response rss_response(Context& context, const std::vector<store::SequenceRow>& rows) {
  std::string body = R"(<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:georss="http://www.georss.org/georss"><channel>)";
  body += element("title", context.options.terms.title) + element("link", context.base_url + "/") + element("description", context.options.terms.description) +
          element("language", "en") + element("lastBuildDate", http_date(context.now));
  for (const auto& row : rows) {
    if (!row.deleted_at && may_see(context, row.shown_to, row.account)) body += item_of(context, row);
  }
  return {200, "text/xml; charset=utf-8", {}, body + "</channel></rss>"};
}

}  // namespace cairn::gateway
