#pragma once

#include "services/gateway/tus/protocol.hpp"

#include <memory>

namespace cairn::gateway::tus {

/// Computes one of the digests of Upload-Checksum as bytes stream by.
class ChecksumStream {
 public:
  explicit ChecksumStream(Checksum::Algorithm algorithm);
  void add(ByteView bytes);
  /// The digest of all that was added; the stream is spent afterwards.
  Bytes finish();

 private:
  struct Closer {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Closer> context_;
};

}  // namespace cairn::gateway::tus
