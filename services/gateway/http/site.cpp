#include "services/gateway/http/site.hpp"

namespace cairn::gateway {

bool is_preflight(const Request& request) { return request.method == Method::options && request.header("access-control-request-method"); }

Response preflight_answer(const Request& request) {
  Response response{200, "text/plain; charset=utf-8", {}, {}};
  response.headers.emplace_back("Access-Control-Allow-Methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  response.headers.emplace_back("Access-Control-Max-Age", "3600");
  if (const auto asked = request.header("access-control-request-headers")) response.headers.emplace_back("Access-Control-Allow-Headers", *asked);
  return response;
}

Response answer_without_route(const std::variant<Match, NoSuchPath, OtherMethods, BadPath>& found, Method method) {
  if (std::holds_alternative<BadPath>(found)) return error_response(400, "The address is malformed");
  if (const auto* other = std::get_if<OtherMethods>(&found)) {
    auto response = method == Method::options ? Response{204, "", {}, {}} : error_response(405, "This address takes " + other->allow);
    response.headers.emplace_back("Allow", other->allow + ", OPTIONS");
    return response;
  }
  return error_response(404, "There is nothing at this address");
}

void add_common_headers(const Request& request, Response& response) {
  const auto has = [&](std::string_view name) { return value_of(response.headers, name).has_value(); };
  if (const auto origin = request.header("origin")) {
    response.headers.emplace_back("Access-Control-Allow-Origin", *origin);
    response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  }
  if (!has("Vary")) response.headers.emplace_back("Vary", "Origin, Authorization, Cookie");
  const bool is_error = response.status >= 400;
  if (is_error) std::erase_if(response.headers, [](const auto& header) { return header.first == "Cache-Control"; });
  if (is_error) {
    response.headers.emplace_back("Cache-Control", "no-store");
  } else if (!has("Cache-Control")) {
    response.headers.emplace_back("Cache-Control", request.header("authorization") || request.header("cookie") ? "private" : "public");
  }
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace cairn::gateway
