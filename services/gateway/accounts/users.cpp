// Who the caller is.

#include "services/gateway/accounts/pages.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/markup.hpp"
#include "services/store/accounts.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

json links_of(const Context& context, const store::Account& account) {
  const auto url = context.base_url + "/api/users/" + account.id.text();
  return json::array({link("catalog", kJson, url + "/catalog/"), link("collection", kJson, url + "/collection"),
                      link("user-xyz", kMvt, url + "/map/{z}/{x}/{y}.mvt", "Pictures and sequences vector tiles for a given user")});
}

std::string tokens_table(const std::vector<store::Token>& tokens) {
  std::string html = "<table><tr><th>token<th>made<th>last used</tr>";
  for (const auto& token : tokens) {
    html += "<tr><td>" + markup_text(token.description.empty() ? token.id : token.description) + "<td>" + markup_text(stac_time(token.created_at).substr(0, 10)) +
            "<td>" + (token.used_at ? markup_text(stac_time(*token.used_at).substr(0, 10)) : "never") + "</tr>";
  }
  return html + "</table>";
}

}  // namespace

Response show_me(Request&, Context& context) {
  const auto account = store::find_account(context.catalogue, context.caller->account);
  if (!account) return error_response(404, "The token's account is gone");
  const bool admin = context.caller->is_admin;
  return json_response(200, {{"id", account->id.text()},
                             {"name", account->name},
                             {"default_visibility", "anyone"},
                             {"permissions",
                              {{"role", admin ? "admin" : "user"}, {"can_check_reports", admin}, {"can_edit_excluded_areas", admin}, {"can_edit_pages", false}}},
                             {"tos_latest_change_read", false},
                             {"links", links_of(context, *account)}});
}

Response show_account_page(Request&, Context& context) {
  const auto account = store::find_account(context.catalogue, context.caller->account);
  if (!account) return error_response(404, "The token's account is gone");
  return html_page(200, account->name,
                   tokens_table(store::tokens_of(context.catalogue, account->id)) +
                       "<p><a href=\"/\">Map</a> · <a href=\"/api/auth/logout\">Log out</a></p>");
}

}  // namespace cairn::gateway
