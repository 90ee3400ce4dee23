#include "services/cli/http_client.hpp"

#include <curl/curl.h>

namespace cairn::cli {
namespace {

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

int on_progress(void* heard, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
  const auto& progress = *static_cast<const std::function<void(std::uint64_t)>*>(heard);
  if (progress) progress(static_cast<std::uint64_t>(sent));
  return 0;
}

struct HeaderList {
  curl_slist* list = nullptr;
  ~HeaderList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

}  // namespace

HttpClient::HttpClient(std::string base_url, std::string token)
    : base_url_{std::move(base_url)}, token_{std::move(token)}, handle_{curl_easy_init()} {
  if (handle_ == nullptr) throw std::runtime_error{"libcurl can't be started"};
  while (base_url_.ends_with('/')) base_url_.pop_back();
}

HttpClient::~HttpClient() { curl_easy_cleanup(handle_); }

HttpAnswer HttpClient::perform(const std::string& path) {
  HttpAnswer answer;
  const auto url = path.starts_with("http") ? path : base_url_ + path;
  curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle_, CURLOPT_USERAGENT, "cairn-cli/0.1");
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, 1L);  // a byte a second: slow is fine, stuck is not
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &answer.body);
  const auto code = curl_easy_perform(handle_);
  if (code != CURLE_OK) throw HttpTrouble{"can't reach " + url + ": " + curl_easy_strerror(code)};
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

HttpAnswer HttpClient::get(const std::string& path) {
  curl_easy_reset(handle_);
  HeaderList headers;
  if (!token_.empty()) headers.add("Authorization: Bearer " + token_);
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers.list);
  return perform(path);
}

HttpAnswer HttpClient::post_json(const std::string& path, const std::string& json) {
  curl_easy_reset(handle_);
  HeaderList headers;
  headers.add("Content-Type: application/json");
  if (!token_.empty()) headers.add("Authorization: Bearer " + token_);
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE, static_cast<long>(json.size()));
  return perform(path);
}

HttpAnswer HttpClient::post_file(const std::string& path, const std::filesystem::path& file, const std::string& name,
                                 const std::function<void(std::uint64_t)>& progress) {
  curl_easy_reset(handle_);
  HeaderList headers;
  headers.add("Expect:");  // the answer to a too large body comes early either way
  if (!token_.empty()) headers.add("Authorization: Bearer " + token_);
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers.list);
  curl_mime* form = curl_mime_init(handle_);
  auto* part = curl_mime_addpart(form);
  curl_mime_name(part, "file");
  curl_mime_filedata(part, file.c_str());
  curl_mime_filename(part, name.c_str());
  curl_easy_setopt(handle_, CURLOPT_MIMEPOST, form);
  curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, &progress);
  curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
  try {
    auto answer = perform(path);
    curl_mime_free(form);
    return answer;
  } catch (...) {
    curl_mime_free(form);
    throw;
  }
}

}  // namespace cairn::cli
