#include "services/cli/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>

namespace cairn::cli {
namespace {

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

std::size_t note_header(char* bytes, std::size_t size, std::size_t count, void* to) {
  const std::string line{bytes, size * count};
  const auto colon = line.find(':');
  if (colon == std::string::npos) return size * count;
  auto name = line.substr(0, colon);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto first = line.find_first_not_of(" \t", colon + 1);
  const auto last = line.find_last_not_of(" \t\r\n");
  static_cast<Headers*>(to)->emplace_back(name, first <= last ? line.substr(first, last + 1 - first) : std::string{});
  return size * count;
}

std::size_t read_body(char* into, std::size_t size, std::size_t count, void* from) {
  const auto got = static_cast<const HttpBody*>(from)->read(into, size * count);
  return got > 0 ? got : CURL_READFUNC_ABORT;
}

struct HeaderList {
  curl_slist* list = nullptr;
  ~HeaderList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

}  // namespace

std::optional<std::string> HttpAnswer::header(const std::string& lower_case_name) const {
  const auto found = std::ranges::find(headers, lower_case_name, &Headers::value_type::first);
  return found == headers.end() ? std::nullopt : std::optional{found->second};
}

HttpClient::HttpClient(std::string base_url, std::string token)
    : base_url_{std::move(base_url)}, token_{std::move(token)}, handle_{curl_easy_init()} {
  if (handle_ == nullptr) throw std::runtime_error{"libcurl can't be started"};
  while (base_url_.ends_with('/')) base_url_.pop_back();
}

HttpClient::~HttpClient() { curl_easy_cleanup(handle_); }

HttpAnswer HttpClient::perform(const std::string& path, const Headers& headers) {
  HttpAnswer answer;
  HeaderList list;
  list.add("Expect:");  // the answer to a body that isn't wanted comes early either way
  for (const auto& [name, value] : headers) list.add(name + ": " + value);
  if (!token_.empty()) list.add("Authorization: Bearer " + token_);
  const auto url = path.starts_with("http") ? path : base_url_ + path;
  curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, list.list);
  curl_easy_setopt(handle_, CURLOPT_USERAGENT, "cairn-cli/0.1");
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, 1L);  // a byte a second: slow is fine, stuck is not
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, note_header);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &answer.headers);
  const auto code = curl_easy_perform(handle_);
  if (code != CURLE_OK) throw HttpTrouble{"can't reach " + url + ": " + curl_easy_strerror(code)};
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

HttpAnswer HttpClient::post_json(const std::string& path, const std::string& json) {
  curl_easy_reset(handle_);
  curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE, static_cast<long>(json.size()));
  return perform(path, {{"Content-Type", "application/json"}});
}

HttpAnswer HttpClient::request(const std::string& method, const std::string& path, const Headers& headers, const HttpBody* body) {
  curl_easy_reset(handle_);
  if (body) {
    curl_easy_setopt(handle_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle_, CURLOPT_UPLOAD_BUFFERSIZE, 262'144L);
    curl_easy_setopt(handle_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body->size));
    curl_easy_setopt(handle_, CURLOPT_READFUNCTION, read_body);
    curl_easy_setopt(handle_, CURLOPT_READDATA, body);
  } else if (method == "POST") {
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, "");
  }
  if (method == "HEAD") curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, method.c_str());
  return perform(path, headers);
}

}  // namespace cairn::cli
