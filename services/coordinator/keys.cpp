#include "services/coordinator/keys.hpp"

#include <charconv>

namespace cairn::coordinator {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<TileId> tile_from_text(std::string_view text) {
  const auto first = text.find('/');
  const auto second = text.find('/', first == text.npos ? text.npos : first + 1);
  if (second == text.npos) return std::nullopt;
  const auto zoom = whole_number(text.substr(0, first));
  const auto x = whole_number(text.substr(first + 1, second - first - 1));
  const auto y = whole_number(text.substr(second + 1));
  return zoom && x && y ? TileId::from_zxy(*zoom, *x, *y) : std::nullopt;
}

std::string inspect_key(SequenceId sequence, int batch) { return sequence.text() + ":" + std::to_string(batch); }

std::optional<InspectKey> inspect_key_from(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  const auto sequence = SequenceId::parse(text.substr(0, colon));
  const auto batch = whole_number(text.substr(colon + 1));
  if (!sequence || !batch || *batch < 0) return std::nullopt;
  return InspectKey{*sequence, static_cast<int>(*batch)};
}

std::optional<TileKey> tile_key_from(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto tile = tile_from_text(text.substr(slash + 1));
  if (!tile) return std::nullopt;
  return TileKey{std::string{text.substr(0, slash)}, *tile};
}

}  // namespace cairn::coordinator
