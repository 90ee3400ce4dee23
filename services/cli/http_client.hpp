#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

namespace cairn::cli {

struct HttpAnswer {
  long status = 0;
  std::string body;
};

/// A server could not be reached or broke off: worth trying again.
struct HttpTrouble : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One connection to a Cairn server, kept open between requests (libcurl).
class HttpClient {
 public:
  /// `token` may be empty.
  HttpClient(std::string base_url, std::string token);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;

  HttpAnswer get(const std::string& path);
  HttpAnswer post_json(const std::string& path, const std::string& json);
  /// Sends a file as the part `file` of a form, under a name; `progress` hears how many bytes went out.
  HttpAnswer post_file(const std::string& path, const std::filesystem::path& file, const std::string& name,
                       const std::function<void(std::uint64_t)>& progress);

  const std::string& base_url() const { return base_url_; }

 private:
  HttpAnswer perform(const std::string& path);
  std::string base_url_;
  std::string token_;
  void* handle_;
};

}  // namespace cairn::cli
