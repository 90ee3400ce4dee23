#include "services/cli/http_client.hpp"

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <exception>

namespace cairn::cli {
namespace {

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

/// Where the body of an answer goes.
struct Arriving {
  CURL* handle;
  HttpAnswer& answer;
  const std::function<bool(std::string_view)>* piece;
  bool stopped = false;
  std::exception_ptr trouble;   ///< of `piece`: libcurl is C, nothing may fly through it
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& arriving = *static_cast<Arriving*>(to);
  const std::string_view piece{bytes, size * count};
  curl_easy_getinfo(arriving.handle, CURLINFO_RESPONSE_CODE, &arriving.answer.status);
  if (arriving.piece == nullptr || arriving.answer.status != 200) {
    arriving.answer.body += piece;
    return piece.size();
  }
  try {
    arriving.stopped = !(*arriving.piece)(piece);
  } catch (...) {
    arriving.trouble = std::current_exception();
  }
  return arriving.stopped || arriving.trouble ? 0 : piece.size();
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

nlohmann::json answer_in_json(const HttpAnswer& answer, const std::string& what) {
  auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (answer.status < 400 && !body.is_discarded()) return body;
  const auto message = body.is_object() && body.contains("message") ? body["message"].get<std::string>() : answer.body.substr(0, 200);
  throw std::runtime_error{what + ": the server answered " + std::to_string(answer.status) + " " + message};
}

HttpClient::HttpClient(std::string base_url, std::string token)
    : base_url_{std::move(base_url)}, token_{std::move(token)}, handle_{curl_easy_init()} {
  if (handle_ == nullptr) throw std::runtime_error{"libcurl can't be started"};
  while (base_url_.ends_with('/')) base_url_.pop_back();
}

HttpClient::~HttpClient() { curl_easy_cleanup(handle_); }

HttpAnswer HttpClient::perform(const std::string& path, const Headers& headers, const std::function<bool(std::string_view)>* piece) {
  HttpAnswer answer;
  Arriving arriving{handle_, answer, piece};
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
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &arriving);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, note_header);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &answer.headers);
  const auto code = curl_easy_perform(handle_);
  if (arriving.trouble) std::rethrow_exception(arriving.trouble);
  if (code != CURLE_OK && !arriving.stopped) throw HttpTrouble{"can't reach " + url + ": " + curl_easy_strerror(code)};
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

HttpAnswer HttpClient::follow(const std::string& path, const std::function<bool(std::string_view)>& piece) {
  curl_easy_reset(handle_);
  return perform(path, {{"Accept", "text/event-stream"}}, &piece);
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
