#include "services/gateway/http/tile_address.hpp"

#include "services/gateway/http/text.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

std::optional<std::int64_t> number_in(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// What stands behind the last of these; the text loses it.
std::optional<std::string_view> taken_from_end(std::string_view& text, char mark) {
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto end = text.substr(at + 1);
  text = text.substr(0, at);
  return end;
}

/// "v=1f&key=cairn_a", each once at most; false when there is anything else.
bool take_query(TileAddress& address, std::string_view query) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const bool is_version = part.starts_with("v=");
    if (!is_version && !part.starts_with("key=")) return false;
    auto& place = is_version ? address.version : address.key;
    if (!place.empty()) return false;
    place = part.substr(is_version ? 2 : 4);
  }
  return true;
}

}  // namespace

std::optional<TileAddress> tile_address_from(std::string_view target) {
  if (target.find_first_of("%+") != std::string_view::npos) return std::nullopt;
  TileAddress address;
  if (const auto query = target.find('?'); query != std::string_view::npos) {
    if (!take_query(address, target.substr(query + 1))) return std::nullopt;
    target = target.substr(0, query);
  }
  if (!target.starts_with('/')) return std::nullopt;
  const auto ending = taken_from_end(target, '.');
  const auto y = number_in(taken_from_end(target, '/').value_or(""));
  const auto x = number_in(taken_from_end(target, '/').value_or(""));
  const auto z = number_in(taken_from_end(target, '/').value_or(""));
  if (!ending || ending->find('/') != std::string_view::npos || !z || !x || !y || target.size() < 2) return std::nullopt;
  address.set = target.substr(1);
  address.z = *z;
  address.x = *x;
  address.y = *y;
  address.ending = *ending;
  return address;
}

AskedTile asked_tile(const Request& request, tiler::TileFormat format, int min_zoom, int max_zoom) {
  const std::string_view name = request.parameter("y");
  const auto dot = std::min(name.rfind('.'), name.size());
  const std::string ending{tiler::ending_of(format)};
  const auto z = whole_from(request.parameter("z")), x = whole_from(request.parameter("x")), y = whole_from(name.substr(0, dot));
  if (!z || !x || !y) return {std::nullopt, error_response(400, "A tile is asked for as zoom/x/y." + ending + ", in whole numbers")};
  if (!tiler::is_ending_of(format, name.substr(std::min(dot + 1, name.size())))) return {std::nullopt, error_response(400, "These tiles come as " + ending)};
  if (*z < min_zoom || *z > max_zoom) return {std::nullopt, error_response(404, "Zooms go from " + std::to_string(min_zoom) + " to " + std::to_string(max_zoom))};
  const auto tile = TileId::from_zxy(*z, *x, *y);
  if (!tile) return {std::nullopt, error_response(404, "x and y must be below 2^zoom")};
  return {tile, std::nullopt};
}

}  // namespace cairn::gateway
