#pragma once
// The least HTTP client that a test needs: one request per connection, bytes as they come.

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

struct Answer {
  int status = 0;             ///< 0: the server said nothing
  std::string head;
  std::string body;
  /// Value of a header, by its name as sent; empty when there is none.
  std::string header(const std::string& name) const;
  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : port_{port} {}
  std::uint16_t port() const { return port_; }

  Answer get(const std::string& path, const std::string& headers = {}) const { return send("GET " + path + " HTTP/1.1\r\nHost: cairn.test\r\nConnection: close\r\n" + headers + "\r\n"); }
  Answer post(const std::string& path, const std::string& type, const std::string& body, const std::string& headers = {}) const;
  Answer post_json(const std::string& path, const nlohmann::json& body) const { return post(path, "application/json", body.dump()); }
  Answer post_file(const std::string& path, const std::string& name, const std::string& bytes, const std::vector<std::pair<std::string, std::string>>& fields = {}) const;
  /// Any method; without a type there is no body.
  Answer request(const std::string& method, const std::string& path, const std::string& type = {}, const std::string& body = {}, const std::string& headers = {}) const;
  /// Sends bytes as they are, and reads until the server closes.
  Answer send(const std::string& bytes) const;

 private:
  std::uint16_t port_;
};

/// A client that sent some bytes and then says nothing more, until it goes out of scope.
class Sending {
 public:
  /// From `source` in 127.0.0.0/8, all of which is this machine.
  Sending(std::uint16_t port, const std::string& bytes, const std::string& source = "127.0.0.1");
  ~Sending();
  Sending(const Sending&) = delete;

  void add(const std::string& bytes);
  /// What the server says until it closes, or until the time is up.
  std::string rest(std::chrono::milliseconds limit);

 private:
  int socket_;
};

}  // namespace cairn::testing
