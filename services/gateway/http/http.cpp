#include "services/gateway/http/http.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace cairn::gateway {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
    case Method::options: return "OPTIONS";
  }
  return "GET";
}

const std::string& Request::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, [](const auto& pair) -> std::string_view { return pair.first; });
  if (found == parameters.end()) throw std::logic_error{"the route has no parameter " + std::string{name}};
  return found->second;
}

std::uint64_t size_of(const Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return text->size();
  if (const auto* shared = std::get_if<SharedBytes>(&body)) return *shared ? (*shared)->size() : 0;
  const auto* file = std::get_if<FileBody>(&body);
  return file ? file->length : 0;
}

Response json_response(int status, const nlohmann::json& body, std::string content_type) {
  Response response{status, std::move(content_type), {}, {}};
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

Response error_response(int status, std::string_view message) {
  return json_response(status, {{"message", message}, {"status_code", status}});
}

Response error_response(int status, std::string_view message, const nlohmann::json& details) {
  return json_response(status, {{"message", message}, {"status_code", status}, {"details", details}});
}

Response retry_response(int status, std::string_view message, std::chrono::seconds after) {
  auto response = error_response(status, message);
  response.headers.emplace_back("Retry-After", std::to_string(after.count()));
  return response;
}

void add_location(Response& response, const std::string& url) {
  response.headers.emplace_back("Location", url);
  response.headers.emplace_back("Access-Control-Expose-Headers", "Location");
}

}  // namespace cairn::gateway
