// Who may do what.

#include "services/gateway/context.hpp"
#include "services/store/accounts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::gateway {
namespace {

bool has_scope(const std::string& scopes, std::string_view wanted) {
  return (" " + scopes + " ").find(" " + std::string{wanted} + " ") != std::string::npos;
}

/// The token of "Bearer …", or of "OAuth …" as Mapillary's tools write it.
std::optional<std::string_view> token_in(std::string_view header) {
  for (const std::string_view scheme : {"Bearer ", "OAuth "}) {
    if (header.starts_with(scheme)) return header.substr(scheme.size());
  }
  return std::nullopt;
}

/// Mapillary's tools show a token of their own before anybody logged in: it stands for a program, not for a person.
bool names_app(std::string_view header) { return header.starts_with("OAuth MLY|"); }

Response not_valid(int status, const char* why) { return error_response(status, "Token not valid", {{"error", why}}); }

/// A host that may stand in a URL: what a Host header has to look like to be repeated.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() < 256 &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view{".-:[]_"}.find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

bool needs_token(const GatewayOptions& options) { return options.auth_required || !is_loopback(options.address); }

std::variant<std::optional<Caller>, Response> caller_of(const Request& request, Context& context) {
  const auto header = request.header("authorization");
  if (!header || names_app(*header)) {
    if (needs_token(context.options)) return std::optional<Caller>{};
    return std::optional{Caller{context.local_account, true, false}};
  }
  const auto secret = token_in(*header);
  if (!secret) return not_valid(401, "Send the token as 'Authorization: Bearer …'");
  const auto token = store::find_token(context.catalogue, *secret);
  if (!token) return not_valid(401, "No such token, or it was revoked");
  if (!token->account) return not_valid(403, "Nobody has claimed this token yet");
  return std::optional{Caller{*token->account, has_scope(token->scopes, "upload"), true}};
}

std::string client_address(const Request& request, const std::string& socket_address, const GatewayOptions& options) {
  if (!options.trust_proxy) return socket_address;
  std::string_view said;  // every proxy adds the address it sees at the end: only the last word is our ingress's own
  for (const auto& [name, value] : request.headers) {
    if (name == "x-forwarded-for") said = value;
  }
  said.remove_prefix(std::min(said.rfind(',') + 1, said.size()));
  said.remove_prefix(std::min(said.find_first_not_of(' '), said.size()));
  return said.empty() || said.size() > 45 ? socket_address : std::string{said};
}

std::string base_url_of(const Request& request, const GatewayOptions& options) {
  if (!options.base_url.empty()) return options.base_url.ends_with('/') ? options.base_url.substr(0, options.base_url.size() - 1) : options.base_url;
  const auto host = request.header("host").value_or("");
  const bool secure = options.trust_proxy && request.header("x-forwarded-proto").value_or("") == "https";
  return (secure ? "https://" : "http://") + (is_host(host) ? std::string{host} : options.address + ":" + std::to_string(options.port));
}

}  // namespace cairn::gateway
