// Features by OGC API Features: the list of /api/features under the names that its clients know.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/map/features.hpp"
#include "services/gateway/ogc/collections.hpp"

#include <algorithm>
#include <array>

namespace cairn::gateway {
namespace {

using nlohmann::json;

/// The collection, if it has items; else the answer that says no.
std::variant<ogc::Collection, Response> with_items(const Request& request, const Context& context) {
  auto collection = ogc::requested(request, context);
  if (!collection) return ogc::no_such_collection();
  if (collection->tiles) return error_response(404, "The collection " + collection->id + " has tiles only");
  return *std::move(collection);
}

}  // namespace

Response list_ogc_items(Request& request, Context& context) {
  const auto found = with_items(request, context);
  if (const auto* no = std::get_if<Response>(&found)) return *no;
  constexpr std::array kKnown{"bbox", "datetime", "class", "limit", "page"};
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(kKnown, name) == kKnown.end()) return error_response(400, "There is no parameter '" + name + "': take bbox, datetime, class, limit or page");
  }
  const auto url = ogc::address_of(context, std::get<ogc::Collection>(found));
  return features_answer(request, context, url + "/items", json::array({link("collection", kJson, url)}));
}

Response show_ogc_item(Request& request, Context& context) {
  const auto found = with_items(request, context);
  if (const auto* no = std::get_if<Response>(&found)) return *no;
  const auto url = ogc::address_of(context, std::get<ogc::Collection>(found));
  return feature_answer(request, context, url + "/items", json::array({link("collection", kJson, url)}));
}

}  // namespace cairn::gateway
