#pragma once

#include "core/bytes.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// A SHA-256 digest (FIPS 180-4): the name of a blob and the root of every id that is derived from content.
struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};

  /// 64 lower-case hexadecimal digits.
  std::string hex() const;
  /// Nothing unless the text is exactly 64 hexadecimal digits.
  static std::optional<Sha256> from_hex(std::string_view text);

  friend auto operator<=>(const Sha256&, const Sha256&) = default;
};

Sha256 sha256_of(ByteView bytes);
inline Sha256 sha256_of(std::string_view text) { return sha256_of(bytes_of(text)); }

/// Hashes bytes as they stream by.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void add(ByteView bytes);
  /// The digest of all that was added; the stream is spent afterwards.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn
