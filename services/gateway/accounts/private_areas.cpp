// A contributor's privacy zones, and the areas that the operator excludes (docs/privacy.md).

#include "services/changes/private_areas.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/store/private_areas.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

json json_of(const store::PrivateAreaRow& row) {
  return {{"id", row.id}, {"name", row.name}, {"shape", json::parse(row.shape)}, {"created_at", stac_time(row.created_at)}};
}

Response list_of(Context& context, const char* name, const std::optional<AccountId>& account) {
  auto list = json::array();
  for (const auto& row : store::private_areas_of(context.catalogue, account)) list.push_back(json_of(row));
  return json_response(200, {{name, std::move(list)}});
}

/// Adds what the body says, {"name", "shape"}, to the account's areas (none: the operator's).
Response add(const Request& request, Context& context, const std::optional<AccountId>& account) {
  const auto body = json_from_client(request.body);
  if (!body || !body->is_object()) return error_response(400, "Send {\"name\": …, \"shape\": …} as JSON");
  const auto name = body->value("name", json(""));
  if (!name.is_string() || name.get_ref<const std::string&>().size() > 100 || !is_plain_text(name.get_ref<const std::string&>()))
    return error_response(400, "name must be at most 100 bytes of plain text");
  const auto read = area::PrivateArea::from_json(body->value("shape", json{}), account ? area::kZoneLimits : area::kExcludedLimits);
  if (const auto* problem = std::get_if<std::string>(&read)) return error_response(400, *problem);
  std::optional<std::string> id;
  context.catalogue.write([&](store::Session& session) { id = changes::add_private_area(session, account, name, std::get<area::PrivateArea>(read), context.now); });
  if (id) return json_response(201, {{"id", *id}, {"name", name}, {"shape", std::get<area::PrivateArea>(read).json()}, {"created_at", stac_time(context.now)}});
  return error_response(409, "There are " + std::to_string(account ? changes::kMostZones : changes::kMostExcludedAreas) + " already: remove one first");
}

Response remove(const Request& request, Context& context, const std::optional<AccountId>& account) {
  bool was_there = false;
  context.catalogue.write([&](store::Session& session) { was_there = store::delete_private_area(session, request.parameter("area"), account); });
  return was_there ? Response{204, "", {}, {}} : error_response(404, "There is no such area");
}

}  // namespace

Response list_my_zones(Request&, Context& context) { return list_of(context, "privacy_zones", context.caller->account); }
Response add_my_zone(Request& request, Context& context) { return add(request, context, context.caller->account); }
Response remove_my_zone(Request& request, Context& context) { return remove(request, context, context.caller->account); }

Response list_excluded_areas(Request&, Context& context) { return list_of(context, "excluded_areas", std::nullopt); }
Response add_excluded_area(Request& request, Context& context) { return add(request, context, std::nullopt); }
Response remove_excluded_area(Request& request, Context& context) { return remove(request, context, std::nullopt); }

}  // namespace cairn::gateway
