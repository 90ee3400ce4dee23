#pragma once

#include "core/bytes.hpp"
#include "core/sha256.hpp"

#include <memory>
#include <string>

namespace cairn::gateway {

/// What the bytes of a file are known by.
struct ContentNames {
  Sha256 sha256;     ///< the name of their blob
  std::string md5;   ///< RFC 1321, 32 lower-case digits: upload clients compare it with their own; it protects nothing
};

/// Both digests as bytes stream by, for little more than the time of MD5 alone.
class ContentHash {
 public:
  ContentHash();
  ~ContentHash();
  ContentHash(ContentHash&&) noexcept;
  ContentHash& operator=(ContentHash&&) noexcept;

  void add(ByteView bytes);
  /// Of all that was added; the stream is spent afterwards.
  ContentNames finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::gateway
