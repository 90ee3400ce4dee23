#pragma once
// A request and its answer as plain values: handlers see these and never a socket.

#include "core/bytes.hpp"
#include "core/sha256.hpp"
#include "services/gateway/http/upload_body.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::gateway {

enum class Method { get, head, post, put, patch, delete_, options };
std::string_view name_of(Method method);

/// Names and values in their order; names of headers are kept in lower case.
using Pairs = std::vector<std::pair<std::string, std::string>>;
/// The first value with that name.
std::optional<std::string_view> value_of(const Pairs& pairs, std::string_view name);

struct Request {
  Method method = Method::get;
  std::string path;                    ///< as sent, still percent-encoded, without the query
  Pairs query;                         ///< decoded
  Pairs headers;
  Pairs parameters;                    ///< what the route's {names} matched, decoded
  std::string body;                    ///< of routes that take text
  std::unique_ptr<ReceivedForm> form;  ///< of routes that take files
  std::string peer;                    ///< address of the client
  bool peer_is_local = false;          ///< it is a loopback address

  std::optional<std::string_view> header(std::string_view lower_case_name) const { return value_of(headers, lower_case_name); }
  std::optional<std::string_view> query_value(std::string_view name) const { return value_of(query, name); }
  /// What a {name} of the route matched. Asking for a name that the route doesn't have is our mistake.
  const std::string& parameter(std::string_view name) const;
};

/// Bytes shared with a cache: several answers under way hold the same ones.
using SharedBytes = std::shared_ptr<const Bytes>;
/// Part of a file that is streamed out.
struct FileBody {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
using Body = std::variant<std::string, SharedBytes, FileBody>;

struct Response {
  int status = 200;
  std::string content_type;
  Pairs headers;
  Body body;
};
std::uint64_t size_of(const Body& body);

Response json_response(int status, const nlohmann::json& body, std::string content_type = "application/json");
/// {"message", "status_code"} and, when given, "details".
Response error_response(int status, std::string_view message);
Response error_response(int status, std::string_view message, const nlohmann::json& details);

/// The text with %XX replaced (and + by a space in queries); nothing when an escape is broken or stands for NUL.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);
std::string percent_encoded(std::string_view text);
/// "a=1&b=%20" as pairs; nothing when an escape is broken.
std::optional<Pairs> query_from(std::string_view text);

/// Valid UTF-8 without control characters and direction overrides: what a title or a file name may be.
bool is_plain_text(std::string_view text);
/// What JSON may hold: every byte that is no UTF-8 becomes U+FFFD.
std::string as_utf8(std::string_view text);

std::optional<double> number_from(std::string_view text);
std::optional<std::int64_t> whole_from(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace cairn::gateway
