#include "services/gateway/http/conditional.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

std::optional<std::uint64_t> digits_from(std::string_view text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return static_cast<std::uint64_t>(*whole_from(text));
}

Body part_of(Body body, ByteRange range) {
  if (auto* file = std::get_if<FileBody>(&body)) return FileBody{file->path, file->offset + range.first, range.length, file->owner};
  if (const auto* text = std::get_if<std::string>(&body)) return text->substr(range.first, range.length);
  const auto& bytes = *std::get<SharedBytes>(body);
  const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(range.first);
  return std::make_shared<const Bytes>(first, first + static_cast<std::ptrdiff_t>(range.length));
}

Response not_modified(Response response) {
  response.status = 304;
  response.body = std::string{};
  return response;
}

}  // namespace

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const auto end = std::min(if_none_match.find(','), if_none_match.size());
    auto one = trimmed(if_none_match.substr(0, end));
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

std::variant<WholeBody, ByteRange, NoSuchRange> range_from(std::string_view header, std::uint64_t size) {
  if (!header.starts_with("bytes=")) return WholeBody{};
  const auto range = trimmed(header.substr(6));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) return WholeBody{};
  const auto first = digits_from(range.substr(0, dash));
  const auto last = digits_from(range.substr(dash + 1));
  if (dash == 0) {
    if (!last) return WholeBody{};
    if (*last == 0 || size == 0) return NoSuchRange{};
    const auto length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  const bool open_end = dash + 1 == range.size();
  if (!first || (!last && !open_end) || (last && *last < *first)) return WholeBody{};
  if (*first >= size) return NoSuchRange{};
  const auto end = open_end ? size : std::min(*last + 1, size);
  return ByteRange{*first, end - *first};
}

Response unless_known(const Request& request, Response response, const std::string& etag) {
  response.headers.emplace_back("ETag", etag);
  const auto known = request.header("if-none-match");
  return known && names_etag(*known, etag) ? not_modified(std::move(response)) : response;
}

Response conditional(const Request& request, Response response, const std::string& etag) {
  response.headers.emplace_back("Accept-Ranges", "bytes");
  response = unless_known(request, std::move(response), etag);
  const auto range_header = request.header("range");
  const auto if_range = request.header("if-range");
  if (response.status != 200 || !range_header || (if_range && *if_range != etag)) return response;

  const auto size = size_of(response.body);
  const auto range = range_from(*range_header, size);
  if (std::holds_alternative<NoSuchRange>(range)) {
    auto refused = error_response(416, "The range lies outside the " + std::to_string(size) + " bytes there are");
    refused.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return refused;
  }
  if (const auto* part = std::get_if<ByteRange>(&range)) {
    response.status = 206;
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(part->first) + "-" +
                                                       std::to_string(part->first + part->length - 1) + "/" + std::to_string(size));
    response.body = part_of(std::move(response.body), *part);
  }
  return response;
}

bool takes_gzip(const Request& request) { return takes_gzip(request.header("accept-encoding").value_or("")); }

bool takes_gzip(std::string_view list) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    const auto lower = lower_case(trimmed(list.substr(0, end)));
    const std::string_view one = lower;
    list.remove_prefix(std::min(end + 1, list.size()));
    const auto semicolon = std::min(one.find(';'), one.size());
    const auto name = trimmed(one.substr(0, semicolon));
    auto weight = trimmed(one.substr(std::min(semicolon + 1, one.size())));
    if (weight.starts_with("q=")) weight.remove_prefix(2);
    const bool refused = !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
    if ((name == "gzip" || name == "x-gzip") && !refused) return true;
  }
  return false;
}

}  // namespace cairn::gateway
