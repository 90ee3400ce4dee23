#pragma once
// The two ends of the bus: a coordinator binds, workers connect. ROUTER and DEALER with bounded queues, finite linger and a
// size limit; see docs/pipeline.md.

#include "messages.pb.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace cairn::bus {

inline constexpr std::uint32_t kVersion = 2;
/// The largest message: a fuse task of 20,000 frames with 2 kB of observation each, and room.
inline constexpr std::int64_t kMostBytes = 64 << 20;
/// Whether a message may be sent: the other side breaks the connection at a larger one.
bool fits(const Envelope&);
/// Either side is taken for gone after this much silence; both send a heartbeat every third of it.
inline constexpr std::chrono::seconds kSilence{9};

/// Why an address may not be used; nothing for ipc:// and for tcp:// on the machine's own loopback. The bus asks nobody who they
/// are, and whoever connects gets work and may answer it: so no other machine may reach it.
std::optional<std::string> problem_of_address(const std::string& address);

/// The coordinator's end. One thread owns it.
class RouterSocket {
 public:
  /// Throws std::runtime_error with the address when it may not be used or can't be bound.
  explicit RouterSocket(const std::string& address);
  ~RouterSocket();

  struct Arrived {
    std::string peer;
    Envelope envelope;
  };
  /// The next message, waiting at most so long. What is garbage, too large or of another version is dropped and counted.
  std::optional<Arrived> receive(std::chrono::milliseconds patience);
  /// False when the peer is gone or does not read: its credit was spent, so the caller takes its work back.
  bool send(const std::string& peer, const Envelope& envelope);
  std::uint64_t dropped() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A worker's end. One thread owns it.
class DealerSocket {
 public:
  /// Throws std::runtime_error with the address when it may not be used or is none.
  explicit DealerSocket(const std::string& address);
  ~DealerSocket();
  /// The next message; waits at most so long, and no longer once `wake` (an eventfd of ours, -1: none) is readable.
  std::optional<Envelope> receive(std::chrono::milliseconds patience, int wake = -1);
  /// False when nobody takes it now; say it again later.
  bool send(const Envelope& envelope);
  /// Begins a fresh connection: after silence the old one may be half open.
  void reconnect();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::bus
