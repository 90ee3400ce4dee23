// Accounts as readers see them: names, and what each has on the map.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/accounts.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr int kMostSequences = 1000;
constexpr int kMostUsers = 1000;
constexpr int kMostFound = 20;

std::string user_url(const Context& context, const AccountId& id) { return context.base_url + "/api/users/" + id.text(); }

json links_to(const Context& context, const AccountId& id) {
  return {link("user-info", kJson, user_url(context, id)), link("collection", kJson, user_url(context, id) + "/collection")};
}

std::vector<store::SequenceRow> sequences_of(Context& context, const AccountId& account) {
  store::SequencePage page;
  page.viewer = viewer_of(context);
  page.account = account;
  page.order = store::SequencePage::Order::updated;
  page.descending = true;
  page.limit = kMostSequences;
  return store::list_sequences(context.catalogue, page);
}

json interval_of(const store::SequenceRow& row) {
  return {{"temporal", {{"interval", json::array({json::array({stac_time(row.first_taken_at), stac_time(row.last_taken_at)})})}}}};
}

json child_of(const Context& context, const store::SequenceRow& row) {
  auto child = link("child", kJson, context.base_url + "/api/collections/" + row.id.text(), row.title);
  child["id"] = row.id.text();
  child["extent"] = interval_of(row);
  child["extent"]["spatial"]["bbox"] = json::array({json::array({row.south_west.lon_deg(), row.south_west.lat_deg(), row.north_east.lon_deg(), row.north_east.lat_deg()})});
  child["stats:items"] = {{"count", row.accepted}};
  child["created"] = stac_time(row.created_at);
  child["updated"] = stac_time(row.updated_at);
  child["geovisio:status"] = "ready";
  child["geovisio:visibility"] = row.shown_to;
  child["geovisio:length_km"] = row.length_m / 1000;
  return child;
}

/// Sums over an account's sequences.
struct Sum {
  json box = json::array({-180.0, -90.0, 180.0, 90.0});
  json interval = json::array({nullptr, nullptr});
  int items = 0;
  double length_m = 0;
  UtcTime created{}, updated{};
};

Sum sum_of(const std::vector<store::SequenceRow>& rows) {
  Sum sum;
  if (rows.empty()) return sum;
  const auto least = [&](auto of) { return of(*std::ranges::min_element(rows, {}, of)); };
  const auto most = [&](auto of) { return of(*std::ranges::max_element(rows, {}, of)); };
  sum.box = {least([](const auto& r) { return r.south_west.lon_deg(); }), least([](const auto& r) { return r.south_west.lat_deg(); }),
             most([](const auto& r) { return r.north_east.lon_deg(); }), most([](const auto& r) { return r.north_east.lat_deg(); })};
  sum.interval = {stac_time(least([](const auto& r) { return r.first_taken_at; })), stac_time(most([](const auto& r) { return r.last_taken_at; }))};
  sum.created = least([](const auto& r) { return r.created_at; });
  sum.updated = most([](const auto& r) { return r.updated_at; });
  for (const auto& row : rows) {
    sum.items += row.accepted;
    sum.length_m += row.length_m;
  }
  return sum;
}

}  // namespace

Response list_users(Request& request, Context& context) {
  const auto limit = limit_from(request.query_value("limit"), kMostUsers, kMostUsers);
  if (!limit) return error_response(400, "limit must be a whole number from 1 to 1000");
  store::AccountPage page;
  page.limit = *limit;
  if (const auto text = request.query_value("page")) {
    page.behind = AccountId::parse(*text);
    if (!page.behind) return error_response(400, "page must come from a link of an earlier answer");
  }
  const auto accounts = store::list_accounts(context.catalogue, page);
  auto users = json::array();
  auto links = json::array({link("user-search", kJson, context.base_url + "/api/users/search", "Search users"), link("root", kJson, context.base_url + "/api"),
                            link("self", kJson, context.base_url + "/api/users")});
  for (const auto& account : accounts) {
    const auto name = as_utf8(account.name);
    users.push_back({{"id", account.id.text()}, {"name", name}, {"links", links_to(context, account.id)}});
    links.push_back(link("child", kJson, user_url(context, account.id) + "/collection", "Sequences of " + name));
  }
  const bool is_full = static_cast<int>(accounts.size()) == page.limit;
  if (is_full) links.push_back(link("next", kJson, context.base_url + "/api/users?limit=" + std::to_string(page.limit) + "&page=" + accounts.back().id.text()));
  return json_response(200, {{"type", "Catalog"}, {"stac_version", "1.0.0"}, {"id", "users"}, {"title", "Users"}, {"description", "Everybody who sent pictures"},
                             {"conformsTo", conformance_classes()}, {"users", users}, {"links", links}});
}

Response search_users(Request& request, Context& context) {
  const auto asked = request.query_value("q");
  if (!asked || asked->empty()) return error_response(400, "Say what to search for: ?q=part of a name");
  auto found = json::array();
  for (const auto& account : store::list_accounts(context.catalogue, {.name_part = lower_case(*asked), .limit = kMostFound}))
    found.push_back({{"id", account.id.text()}, {"label", as_utf8(account.name)}, {"links", links_to(context, account.id)}});
  return json_response(200, {{"features", found}});
}

Response show_user(Request& request, Context& context) {
  const auto account = requested_account(request, context);
  if (!account) return no_such_user();
  const auto url = user_url(context, account->id);
  return json_response(200, {{"id", account->id.text()}, {"name", as_utf8(account->name)},
                             {"links", {link("catalog", kJson, url + "/catalog"), link("collection", kJson, url + "/collection"),
                                        link("user-xyz", kMvt, url + "/map/{z}/{x}/{y}.mvt", "This user's pictures and sequences as vector tiles"),
                                        link("user-xyz-style", kJson, url + "/map/style.json", "Style of this user's pictures and sequences")}}});
}

Response show_user_collection(Request& request, Context& context) {
  const auto account = requested_account(request, context);
  if (!account) return request.parameter("user") == "me" ? error_response(401, "Send a token to see your pictures") : no_such_user();
  const auto rows = sequences_of(context, account->id);
  const auto sum = sum_of(rows);
  const auto name = as_utf8(account->name);
  const auto title = "Sequences of " + name;
  auto links = json::array({link("root", kJson, context.base_url + "/api"), link("parent", kJson, context.base_url + "/api"), link("self", kJson, user_url(context, account->id) + "/collection"),
                            {{"rel", "license"}, {"href", context.options.terms.licence_url}, {"title", "Licence " + context.options.terms.licence_id}}});
  for (const auto& row : rows) links.push_back(child_of(context, row));
  const json producer{{"id", account->id.text()}, {"name", name}, {"roles", json::array({"producer"})}};
  return json_response(200, {{"type", "Collection"}, {"stac_version", "1.0.0"}, {"stac_extensions", {"https://stac-extensions.github.io/stats/v0.2.0/schema.json", "https://stac-extensions.github.io/timestamps/v1.1.0/schema.json"}},
                             {"id", "user:" + account->id.text()}, {"title", title}, {"description", "Everything that " + name + " sent"}, {"keywords", {"pictures", title}},
                             {"license", context.options.terms.licence_id}, {"created", stac_time(sum.created)}, {"updated", stac_time(sum.updated)},
                             {"geovisio:length_km", sum.length_m / 1000}, {"geovisio:upload-software", "unknown"}, {"providers", json::array({producer})},
                             {"extent", {{"spatial", {{"bbox", json::array({sum.box})}}}, {"temporal", {{"interval", json::array({sum.interval})}}}}},
                             {"stats:items", {{"count", sum.items}}}, {"stats:collections", {{"count", rows.size()}}}, {"semantics", json::array()}, {"links", links}});
}

Response show_user_catalog(Request& request, Context& context) {
  const auto account = requested_account(request, context);
  if (!account) return no_such_user();
  const auto name = as_utf8(account->name);
  auto links = json::array({link("self", kJson, user_url(context, account->id) + "/catalog"), link("root", kJson, context.base_url + "/api")});
  for (const auto& row : sequences_of(context, account->id)) links.push_back(child_of(context, row));
  return json_response(200, {{"type", "Catalog"}, {"stac_version", "1.0.0"}, {"id", "user:" + account->id.text()}, {"title", "Sequences of " + name},
                             {"description", "Everything that " + name + " sent"}, {"conformsTo", conformance_classes()}, {"links", links}});
}

}  // namespace cairn::gateway
