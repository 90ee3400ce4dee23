#pragma once
// Bytes of a request on their way into the file of an upload.

#include "services/gateway/receive/partial_uploads.hpp"
#include "services/gateway/tus/checksum.hpp"

namespace cairn::gateway::tus {

/// Adds bytes to an upload's file. With a checksum they wait beside it until it is known to be right, so that not even a crash
/// lets wrong ones in.
class Appending {
 public:
  /// `room`: bytes that still fit. `hash`: these are all bytes of the file, so hash them as they come.
  Appending(PartialFile file, std::uint64_t room, const std::optional<Checksum>& checksum, bool hash);
  Appending(Appending&&) = default;

  std::optional<Response> add(ByteView bytes);
  /// Ends the adding; false when the checksum says otherwise, and then nothing came.
  bool finish();
  PartialFile& file() { return file_; }
  /// Of the whole file: as they came, or read again.
  ContentNames take_names();

 private:
  struct Unchecked {
    PartialFile file;
    ChecksumStream stream;
    Bytes expected;
  };
  PartialFile file_;
  std::uint64_t room_;
  std::optional<Unchecked> unchecked_;
  std::optional<ContentHash> hash_;
};

/// The sink of every tus request; without `body` the request brings no bytes.
struct Sink : BodySink {
  std::optional<Appending> body;
  std::optional<Response> add(ByteView bytes) override;
  /// Lets go of the file at once, so that the sender can come back and go on.
  void abandon(Context& context) override;
};

}  // namespace cairn::gateway::tus
