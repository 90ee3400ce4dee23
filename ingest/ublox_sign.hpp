#pragma once
// Signatures that u-blox receivers put into their raw logs: UBX-SEC-ECSIGN.

#include "core/bytes.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::ingest {

enum class BlockState : std::uint8_t {
  verified,        ///< hash and signature fit
  wrong_hash,      ///< the bytes before the signature are not those that were signed
  wrong_signature, ///< the hash fits, the signature isn't this receiver's
  unknown,         ///< signed by the receiver, but the block may have begun before the log, or before its session: its hash can't be told
};

struct SignedBlock {
  std::size_t begin = 0, end = 0;   ///< bytes of the log that the signature is over
  std::uint16_t number = 0;         ///< the message's own count
  bool follows = true;              ///< its number is the next one of its session: no block was cut out or moved
  BlockState state = BlockState::unknown;
};

/// What the signatures of a log say of it as a whole.
enum class LogState : std::uint8_t {
  unsigned_,         ///< there are none
  holds,             ///< a known receiver made them, and nothing contradicts them
  altered,           ///< a known receiver made one that fits, and another block is wrong, missing or moved
  unknown_receiver,  ///< no block fits a known receiver: as good as unsigned
};
/// "holds": the stable code; empty for logs without signatures.
std::string_view code_of(LogState state);
/// A sentence for the sender.
std::string_view sentence_of(LogState state);
/// The state with that code; nothing for an unknown one.
std::optional<LogState> log_state_from_code(std::string_view code);

struct UbloxSignatures {
  std::vector<SignedBlock> blocks;
  std::optional<std::size_t> key;   ///< the first of the keys given that verified a block
  LogState state() const;
  /// Of an altered log, what was found first: "signature 8: the bytes before it were changed".
  std::string fault() const;
  /// The stretches of the log that verified blocks are made of, in order. What lies before the first whole block, between two
  /// sessions and behind the last signature may have been added by anyone, and is in none.
  std::vector<ByteView> proven_parts(ByteView log) const;
};

/// A receiver's public key from 48 hexadecimal digits; nothing for other texts.
std::optional<Bytes> receiver_key_from_hex(std::string_view text);

/// Checks a raw log (UBX messages, with NMEA between them) against the 24-byte public keys that may be its receiver's. Pure; time
/// grows with the log's length, and by 0.3 ms for each signature, of which the first 20,000 are read (five hours at one a second);
/// keys are tried on the first 64 blocks. What is checked: SHA-256 of the bytes between two signatures equals the message's final hash; the digest that is
/// signed is d = SHA-256(final hash, session id) folded to 24 bytes, (d[0:8] xor d[24:32]), d[8:24]; ECDSA over it.
/// Unsure, because no receiver's log with its key is at hand: that the curve is NIST P-192 and the key its x coordinate (of the two
/// points with that x either is taken); the order of the fields, which is read from their sizes in the message of 108 bytes.
/// So nothing is held against a log until one of its blocks has been verified. A key of another length verifies nothing.
UbloxSignatures check_ublox_signatures(ByteView log, std::span<const Bytes> public_keys);

}  // namespace cairn::ingest
