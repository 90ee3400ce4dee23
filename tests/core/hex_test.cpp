#include "core/hex.hpp"

#include "tests/catch.hpp"

#include <array>
#include <cctype>
#include <string>

using namespace cairn;

TEST_CASE("every byte comes back from its two digits, in either case") {
  for (int value = 0; value < 256; ++value) {
    const std::array<std::uint8_t, 1> byte{static_cast<std::uint8_t>(value)};
    auto text = hex_of(byte);
    REQUIRE(text.size() == 2);
    std::array<std::uint8_t, 1> read{};
    REQUIRE(read_hex(text, read));
    REQUIRE(read == byte);
    for (auto& digit : text) digit = static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
    REQUIRE(read_hex(text, read));
    REQUIRE(read == byte);
  }
}

TEST_CASE("what is no digit, and what is too long or too short, is refused") {
  std::array<std::uint8_t, 2> read{};
  for (int value = 0; value < 256; ++value) {
    const auto sign = static_cast<char>(value);
    const bool is_digit = std::string_view{"0123456789abcdefABCDEF"}.find(sign) != std::string_view::npos;
    REQUIRE(read_hex(std::string{"00"} + sign + "0", read) == is_digit);
    REQUIRE(read_hex(std::string{"000"} + sign, read) == is_digit);
  }
  for (const auto* text : {"", "0", "000", "00000", "000000"}) REQUIRE_FALSE(read_hex(text, read));
}
