#pragma once
// A request and its answer as plain values: handlers see these and never a socket.

#include "core/bytes.hpp"
#include "core/sha256.hpp"
#include "services/gateway/http/text.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cassert>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::gateway {

struct Context;

enum class Method { get, head, post, put, patch, delete_, options };
std::string_view name_of(Method method);

/// Bytes shared with a cache: several answers under way hold the same ones.
using SharedBytes = std::shared_ptr<const Bytes>;
/// Part of a file that is streamed out.
struct FileBody {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::shared_ptr<const void> owner = {};  ///< of a path that is right only as long as something lives
};
/// Gives a body while it is sent: events as they happen, or bytes that need not be in memory all at once.
struct BodySource {
  /// The next piece; std::nullopt at the end. The caller is checked each time.
  std::function<std::optional<std::string>(Context&)> next;
  bool is_live = false;   ///< server-sent events: asked once a second, more seldom when a look takes long, and silence is broken by comments; else as fast as the client takes it
};
using Body = std::variant<std::string, SharedBytes, FileBody, std::shared_ptr<BodySource>>;

struct Response {
  int status = 200;
  std::string content_type;
  Pairs headers;
  Body body;
};
/// Bytes of a body whose length is known beforehand; 0 of one that is made while it is sent.
std::uint64_t size_of(const Body& body);

/// Takes a body while it arrives. The server limits its size and the sender's slowness; memory and disk are the sink's own care.
class BodySink {
 public:
  virtual ~BodySink() = default;

  /// Called on a socket's thread with at most 64 kB: quick, and never waiting for a lock or the catalogue. Gives nothing, or the
  /// answer that ends the request. Throws std::system_error when the disk refuses (answered 507 or 503).
  virtual std::optional<Response> add(ByteView bytes) = 0;

  /// Instead of the handler, on a thread with a connection to the catalogue, when the body doesn't come to its end: the client
  /// is gone or stalls, sends too much, or add() said no. The place to keep what did come. A busy or stopping server may skip it.
  virtual void abandon(Context&) {}
};

struct Request {
  Method method = Method::get;
  std::string path;                    ///< as sent, still percent-encoded, without the query
  Pairs query;                         ///< decoded
  Pairs headers;
  Pairs parameters;                    ///< what the route's {names} matched, decoded
  std::string body;                    ///< of routes that take text
  std::unique_ptr<BodySink> sink;      ///< of routes that take a stream: it holds the whole body when the handler runs
  std::string peer;                    ///< address of the client

  std::optional<std::string_view> header(std::string_view lower_case_name) const { return value_of(headers, lower_case_name); }
  std::optional<std::string_view> query_value(std::string_view name) const { return value_of(query, name); }
  /// What a {name} of the route matched. Asking for a name that the route doesn't have is our mistake.
  const std::string& parameter(std::string_view name) const;
  /// The sink that the route opened. Asking for another type than it opened is our mistake.
  template <class Sink>
  Sink& sink_as() {
    auto* const opened = dynamic_cast<Sink*>(sink.get());
    assert(opened);
    return *opened;
  }
};

Response json_response(int status, const nlohmann::json& body, std::string content_type = "application/json");
/// {"message", "status_code"} and, when given, "details".
Response error_response(int status, std::string_view message);
Response error_response(int status, std::string_view message, const nlohmann::json& details);
/// The same for what passes: Retry-After says when to come back.
Response retry_response(int status, std::string_view message, std::chrono::seconds after);
/// Says where the thing is that the answer is about, also to scripts of other origins.
void add_location(Response& response, const std::string& url);

}  // namespace cairn::gateway
