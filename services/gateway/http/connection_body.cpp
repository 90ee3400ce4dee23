#include "services/gateway/http/connection.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {
namespace {

Response broken_off(bool stalled) { return stalled ? error_response(408, "The body took too long") : error_response(400, "The body is broken off or malformed"); }

/// What the sink says to the next bytes; nothing while all is well.
std::optional<Response> added(BodySink& sink, ByteView bytes) {
  try {
    return sink.add(bytes);
  } catch (const std::system_error& error) {
    spdlog::error("a body can't be written: {}", error.what());
    return retry_response(error.code() == std::errc::no_space_on_device ? 507 : 503, "The server can't store the file now: try again later", std::chrono::minutes{1});
  }
}

}  // namespace

awaitable<std::optional<Response>> Connection::read_body(Parser& parser, const Route& route) {
  const auto encoding = request_.header("content-encoding").value_or("identity");
  if (encoding != "identity") co_return error_response(415, "Send the body without Content-Encoding");
  switch (route.takes) {
    case Takes::text: co_return co_await read_text(parser);
    case Takes::stream: co_return co_await read_stream(parser);
    case Takes::nothing: break;
  }
  co_return co_await discard_body(parser);
}

/// Of the body nothing more comes.
bool Connection::body_is_done(const Parser& parser) const { return left_ ? *left_ == 0 : parser.is_done(); }

awaitable<bool> Connection::say_continue(const Parser& parser) {
  if (body_is_done(parser) || lower_case(request_.header("expect").value_or("")) != "100-continue") co_return true;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code error;
  co_await asio::async_write(socket_, asio::buffer(kContinue.data(), kContinue.size()), into(error));
  std::erase_if(request_.headers, [](const auto& header) { return header.first == "expect"; });
  co_return !error;
}

/// The next bytes of the body as they come, valid until the next call; nothing when the client is gone or stalls. A sender has the
/// stall time for each 64 kB.
awaitable<std::optional<ByteView>> Connection::read_chunk(Parser& parser) {
  if (broken_off_) co_return std::nullopt;
  chunk_.resize(kChunk);
  if (until_deadline_ == 0) {
    deadline_->arm(serving_.limits.stall_time);
    until_deadline_ = kChunk;
  }
  error_code error;
  std::size_t got = 0;
  if (deadline_->passed()) error = asio::error::timed_out;
  else if (left_) got = co_await read_plain(error);
  else got = co_await read_parsed(parser, error);
  broken_off_ = error && error != http::error::need_buffer;
  if (broken_off_ || body_is_done(parser)) deadline_->disarm();
  if (broken_off_ && got == 0) co_return std::nullopt;
  until_deadline_ -= std::min(until_deadline_, got);
  serving_.site.metrics().count_received(got);
  co_return ByteView{chunk_.data(), got};
}

/// Of a chunked body, into chunk_.
awaitable<std::size_t> Connection::read_parsed(Parser& parser, error_code& error) {
  auto& body = parser.get().body();
  body.data = chunk_.data();
  body.size = chunk_.size();
  co_await http::async_read_some(socket_, buffer_, parser, into(error));
  co_return chunk_.size() - body.size;
}

/// Of a body whose length is known, into chunk_: past the parser, which would copy it once more.
awaitable<std::size_t> Connection::read_plain(error_code& error) {
  const auto space = asio::buffer(chunk_.data(), static_cast<std::size_t>(std::min<std::uint64_t>(*left_, kChunk)));
  std::size_t got = 0;
  if (buffer_.size() > 0) {  // came with the header
    got = asio::buffer_copy(space, buffer_.data());
    buffer_.consume(got);
  } else {
    got = co_await socket_.async_read_some(space, into(error));
  }
  *left_ -= got;
  co_return got;
}

awaitable<std::optional<Response>> Connection::read_text(Parser& parser) {
  const auto most = serving_.limits.largest_text;
  const auto too_large = [most] { return error_response(413, "The body is larger than " + std::to_string(most) + " bytes"); };
  if (parser.content_length().value_or(0) > most) co_return too_large();
  if (!co_await say_continue(parser)) co_return broken_off(false);
  while (!body_is_done(parser)) {
    const auto bytes = co_await read_chunk(parser);
    if (!bytes) co_return broken_off(deadline_->passed());
    if (request_.body.size() + bytes->size() > most) co_return too_large();
    request_.body.append(text_of(*bytes));
  }
  co_return std::nullopt;
}

/// Into the sink that the route opened. A disk that refuses is no fault of the sender.
awaitable<std::optional<Response>> Connection::read_stream(Parser& parser) {
  const auto most = serving_.limits.upload.largest_file + kMostDiscarded;  // with what a form has around its file
  const auto too_large = [most] { return error_response(413, "The body is larger than " + std::to_string(most) + " bytes, the most this server takes"); };
  if (parser.content_length().value_or(0) > most) co_return too_large();
  if (!co_await say_continue(parser)) co_return broken_off(false);
  if (!left_) buffer_.reserve(kChunk);  // else Beast reads half a kilobyte at a time
  std::uint64_t size = 0;
  while (!body_is_done(parser)) {
    const auto bytes = co_await read_chunk(parser);
    if (!bytes) co_return broken_off(deadline_->passed());
    size += bytes->size();
    if (size > most) co_return too_large();
    if (bytes->empty()) continue;
    if (auto refusal = added(*request_.sink, *bytes)) co_return refusal;
  }
  co_return std::nullopt;
}

/// Reads away what a route doesn't want; refuses when it is much.
awaitable<std::optional<Response>> Connection::discard_body(Parser& parser) {
  std::size_t discarded = 0;
  while (!body_is_done(parser)) {
    const auto bytes = co_await read_chunk(parser);
    if (!bytes) co_return broken_off(deadline_->passed());
    discarded += bytes->size();
    if (discarded > kMostDiscarded) co_return error_response(413, "This address takes no body");
  }
  co_return std::nullopt;
}

}  // namespace cairn::gateway
