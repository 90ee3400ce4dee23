// Who may do what.

#include "services/gateway/context.hpp"
#include "services/store/accounts.hpp"
#include "services/store/jobs.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::gateway {
namespace {

bool has_scope(const std::string& scopes, std::string_view wanted) {
  return (" " + scopes + " ").find(" " + std::string{wanted} + " ") != std::string::npos;
}

Response not_valid(int status, const char* why) { return error_response(status, "Token not valid", {{"error", why}}); }

Response later(int status, const char* message, const char* seconds) {
  auto response = error_response(status, message);
  response.headers.emplace_back("Retry-After", seconds);
  return response;
}

int files_waiting(store::Session& catalogue) {
  int waiting = 0;
  for (const auto& depth : store::queue_depths(catalogue)) {
    if (depth.stage == store::Stage::decode) waiting = depth.queued;
  }
  return waiting;
}

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
  if (!header) {
    if (needs_token(context.options)) return std::optional<Caller>{};
    return std::optional{Caller{context.local_account, true, false}};
  }
  if (!header->starts_with("Bearer ")) return not_valid(401, "Send the token as 'Authorization: Bearer …'");
  const auto token = store::find_token(context.catalogue, header->substr(7));
  if (!token) return not_valid(401, "No such token, or it was revoked");
  if (!token->account) return not_valid(403, "Nobody has claimed this token yet");
  return std::optional{Caller{*token->account, has_scope(token->scopes, "upload"), true}};
}

std::optional<Response> upload_refused(Context& context) {
  if (!context.caller) return error_response(401, "Uploads to this server need a token: send 'Authorization: Bearer …'");
  if (!context.caller->may_upload) return error_response(403, "This token may not upload");
  const auto& limits = context.options.limits;
  std::error_code error;
  const auto space = std::filesystem::space(context.options.data, error);
  if (!error && space.available < limits.disk_floor) return later(507, "The server's disk is full: try again later", "300");
  if (files_waiting(context.catalogue) > limits.waiting_files)
    return later(429, "Too many files wait for processing: try again later", "60");
  return std::nullopt;
}

std::string base_url_of(const Request& request, const GatewayOptions& options) {
  if (!options.base_url.empty()) return options.base_url.ends_with('/') ? options.base_url.substr(0, options.base_url.size() - 1) : options.base_url;
  const auto host = request.header("host").value_or("");
  const bool secure = options.trust_proxy && request.header("x-forwarded-proto").value_or("") == "https";
  return (secure ? "https://" : "http://") + (is_host(host) ? std::string{host} : options.address + ":" + std::to_string(options.port));
}

}  // namespace cairn::gateway
