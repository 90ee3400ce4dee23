#include "core/ordered_uuid.hpp"

#include <chrono>

namespace cairn {

Uuid ordered_uuid(UtcTime time) {
  auto uuid = Uuid::random();
  const auto milliseconds = static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count());
  for (std::size_t i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x70);
  return uuid;
}

}  // namespace cairn
