#include "services/gateway/http/connection.hpp"

#include "services/gateway/http/addresses.hpp"

#include <limits>

namespace cairn::gateway {
namespace {

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::get;
    case http::verb::head: return Method::head;
    case http::verb::post: return Method::post;
    case http::verb::put: return Method::put;
    case http::verb::patch: return Method::patch;
    case http::verb::delete_: return Method::delete_;
    case http::verb::options: return Method::options;
    default: return std::nullopt;
  }
}

/// The answer to a header that can't be read; nothing when the client is gone.
std::optional<Response> answer_to(error_code error, bool timed_out) {
  if (timed_out) return error_response(408, "The request's header took too long");
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return error_response(431, "The request's header is too large");
  if (error == http::error::end_of_stream || error.category() != http::make_error_code(http::error::bad_method).category()) return std::nullopt;
  return error_response(400, "This is no valid HTTP/1.1 request");
}

}  // namespace

awaitable<Connection::Head> Connection::read_head(Parser& parser) {
  request_ = {};
  broken_off_ = false;
  left_.reset();
  until_deadline_ = 0;
  route_number_ = static_cast<std::size_t>(-1);
  parser.header_limit(serving_.limits.largest_header);
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // ours are checked as the body streams by
  open_.state = OpenConnection::State::header;
  deadline_->arm(serving_.limits.header_time);
  error_code error;
  co_await http::async_read_header(socket_, buffer_, parser, into(error));
  deadline_->disarm();
  open_.state = OpenConnection::State::request;
  started_ = std::chrono::steady_clock::now();
  if (error) {
    auto refusal = answer_to(error, deadline_->passed());
    co_return Head{!refusal, std::move(refusal)};
  }
  if (!take_head(parser)) co_return Head{false, error_response(400, "This is no valid HTTP/1.1 request")};
  if (!parser.is_done() && parser.content_length()) left_ = *parser.content_length();
  co_return Head{};
}

/// Makes a request of what the parser has read; false when it makes no sense.
bool Connection::take_head(const Parser& parser) {
  const auto& message = parser.get();
  const auto method = method_of(message.method());
  const auto target = view(message.target());
  const auto query_at = std::min(target.find('?'), target.size());
  const auto query = query_from(target.substr(std::min(query_at + 1, target.size())));
  if (!method || !query || !target.starts_with('/') || has_two_lengths(parser)) return false;
  request_.method = *method;
  request_.path = target.substr(0, query_at);
  request_.query = *query;
  for (const auto& field : message) request_.headers.emplace_back(lower_case(view(field.name_string())), std::string{view(field.value())});
  request_.peer = client_address(request_, peer_, serving_.site.options());
  return true;
}

/// Nobody can tell where such a request ends: a proxy before us may see it otherwise.
bool Connection::has_two_lengths(const Parser& parser) {
  const auto& message = parser.get();
  return message.count(http::field::content_length) > 0 && message.count(http::field::transfer_encoding) > 0;
}

}  // namespace cairn::gateway
