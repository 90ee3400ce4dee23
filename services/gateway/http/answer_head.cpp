#include "services/gateway/http/answer_head.hpp"

#include <boost/beast/http/status.hpp>

namespace cairn::gateway {

std::string head_of(const Response& response, std::uint64_t body_length) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string{reason.data(), reason.size()} + "\r\n";
  const auto add = [&head](std::string_view name, std::string_view value) { head.append(name).append(": ").append(value).append("\r\n"); };
  const bool has_body = response.status != 204 && response.status != 304;
  if (has_body && !response.content_type.empty()) add("Content-Type", response.content_type);
  const bool goes_on = std::holds_alternative<std::shared_ptr<BodySource>>(response.body);
  if (has_body && !goes_on) add("Content-Length", std::to_string(body_length));
  for (const auto& [name, value] : response.headers) {
    if (value.find_first_of("\r\n") == std::string::npos) add(name, value);
  }
  return head;
}

}  // namespace cairn::gateway
