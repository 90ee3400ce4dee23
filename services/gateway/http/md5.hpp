#pragma once

#include "core/bytes.hpp"

#include <memory>
#include <string>

namespace cairn::gateway {

/// MD5 (RFC 1321) as bytes stream by: upload clients compare it with their own. It protects nothing.
class Md5Stream {
 public:
  Md5Stream();
  ~Md5Stream();
  Md5Stream(Md5Stream&&) noexcept;
  Md5Stream& operator=(Md5Stream&&) noexcept;

  void add(ByteView bytes);
  /// 32 lower-case hexadecimal digits of all that was added; the stream is spent afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::gateway
