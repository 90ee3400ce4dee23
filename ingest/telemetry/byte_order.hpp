#pragma once
// Numbers of a stated byte order; the caller has checked that the bytes are there.

#include "core/bytes.hpp"

#include <bit>
#include <cstdint>
#include <type_traits>

namespace cairn::ingest {

template <std::size_t size>
using BitsOfSize = std::conditional_t<size == 8, std::uint64_t, std::conditional_t<size == 4, std::uint32_t, std::uint16_t>>;

template <class Number>
Number little_endian_at(ByteView bytes, std::size_t at) {
  BitsOfSize<sizeof(Number)> bits = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) {
    bits = static_cast<decltype(bits)>(bits << 8 | std::to_integer<decltype(bits)>(bytes[at + i]));
  }
  return std::bit_cast<Number>(bits);
}

template <class Number>
Number big_endian_at(ByteView bytes, std::size_t at) {
  BitsOfSize<sizeof(Number)> bits = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bits = static_cast<decltype(bits)>(bits << 8 | std::to_integer<decltype(bits)>(bytes[at + i]));
  }
  return std::bit_cast<Number>(bits);
}

}  // namespace cairn::ingest
