#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpAnswer {
  long status = 0;
  std::string body;
  Headers headers;   ///< names in lower case

  std::optional<std::string> header(const std::string& lower_case_name) const;
};

/// A server could not be reached or broke off: worth trying again.
struct HttpTrouble : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A body that is read while it goes out.
struct HttpBody {
  std::uint64_t size = 0;
  std::function<std::size_t(char* into, std::size_t most)> read;   ///< 0 breaks off
};

/// The body of an answer. Throws std::runtime_error with `what` and the server's own message when it says no, or is no JSON.
nlohmann::json answer_in_json(const HttpAnswer& answer, const std::string& what);

/// One connection to a Cairn server, kept open between requests (libcurl).
class HttpClient {
 public:
  /// `token` may be empty.
  HttpClient(std::string base_url, std::string token);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;

  HttpAnswer get(const std::string& path) { return request("GET", path, {}); }
  HttpAnswer post_json(const std::string& path, const std::string& json);
  /// Any request; `path` may be a whole address of this server.
  HttpAnswer request(const std::string& method, const std::string& path, const Headers& headers, const HttpBody* body = nullptr);

  /// A GET whose answer, if its status is 200, comes in pieces as they arrive, until `piece` returns false or the server ends it.
  HttpAnswer follow(const std::string& path, const std::function<bool(std::string_view)>& piece);

  const std::string& base_url() const { return base_url_; }

 private:
  HttpAnswer perform(const std::string& path, const Headers& headers, const std::function<bool(std::string_view)>* piece = nullptr);
  std::string base_url_;
  std::string token_;
  void* handle_;
};

}  // namespace cairn::cli
