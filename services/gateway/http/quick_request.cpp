#include "services/gateway/http/quick_request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::gateway {
namespace {

constexpr std::size_t kLongest = 4096;  // of a header that is plain

bool is_same(std::string_view name, std::string_view lower_case) {
  return name.size() == lower_case.size() &&
         std::ranges::equal(name, lower_case, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= ' ' && c != '\x7f') || c == '\t' || static_cast<unsigned char>(c) >= 0x80; });
}

/// Without blanks at either end.
std::string_view value_in(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "GET /path HTTP/1.1"
bool take_first_line(QuickRequest& request, std::string_view line) {
  request.is_head = line.starts_with("HEAD ");
  if (!request.is_head && !line.starts_with("GET ")) return false;
  line.remove_prefix(request.is_head ? 5 : 4);
  if (!line.ends_with(" HTTP/1.1")) return false;
  request.target = line.substr(0, line.size() - 9);
  return request.target.starts_with('/') && std::ranges::all_of(request.target, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// False when the header makes the request more than plain.
bool take_header(QuickRequest& request, std::string_view name, std::string_view value) {
  const std::pair<std::string_view, std::string_view*> taken[] = {{"if-none-match", &request.if_none_match},
                                                                  {"accept-encoding", &request.accept_encoding},
                                                                  {"authorization", &request.authorization},
                                                                  {"origin", &request.origin},
                                                                  {"x-forwarded-for", &request.forwarded_for}};
  for (const auto& [known, place] : taken) {
    if (!is_same(name, known)) continue;
    if (!place->empty() || value.empty()) return false;
    *place = value;
    return true;
  }
  constexpr std::array<std::string_view, 7> kMore{"content-length", "transfer-encoding", "expect", "upgrade", "range", "if-range", "proxy-connection"};
  if (std::ranges::any_of(kMore, [&](std::string_view more) { return is_same(name, more); })) return false;
  return !is_same(name, "connection") || is_same(value, "keep-alive");
}

}  // namespace

std::optional<QuickRequest> quick_request_from(std::string_view bytes) {
  QuickRequest request;
  auto rest = bytes.substr(0, kLongest);
  for (bool is_first = true;; is_first = false) {
    const auto end = rest.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (line.empty()) break;
    if (is_first) {
      if (!take_first_line(request, line)) return std::nullopt;
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto name = line.substr(0, colon);
    const auto value = value_in(line.substr(colon + 1));
    if (!is_name(name) || !is_plain(value) || !take_header(request, name, value)) return std::nullopt;
  }
  if (request.target.empty()) return std::nullopt;
  request.length = std::min(bytes.size(), kLongest) - rest.size();
  return request;
}

}  // namespace cairn::gateway
