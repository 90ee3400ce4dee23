#pragma once
// The messages of a vector tile (vector_tile.proto 2.1) as bytes, from the smallest up.

#include "core/bytes.hpp"
#include "tiler/buffer.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace cairn::tiler {

/// The numbers are those of a vector tile.
enum class Geometry : std::uint8_t { unknown = 0, point = 1, line = 2, polygon = 3 };
enum class Verb : std::uint8_t { move_to = 1, line_to = 2, close_path = 7 };
/// How a run of positions begins.
inline std::uint64_t command_of(Verb verb, std::size_t count) { return static_cast<std::uint64_t>(verb) | std::uint64_t{count} << 3; }

/// A whole number stands apart from a real one, as vector tiles have both. Real numbers are finite.
using Value = std::variant<std::string_view, std::int64_t, double, bool>;

/// A key or a value with tag and length, as it stands in a layer.
void put_key(Buffer& to, std::string_view key);
void put_value(Buffer& to, const Value& value);
/// `tags` and `geometry` are the varints of their fields; a feature without attributes has empty tags.
void put_feature(Buffer& to, Geometry kind, std::string_view tags, std::string_view geometry);
/// A layer of what the functions above wrote, each kind on its own.
void put_layer(Bytes& tile, std::string_view name, std::string_view features, std::string_view keys, std::string_view values);

}  // namespace cairn::tiler
