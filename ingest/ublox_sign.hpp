#pragma once
// Signatures that u-blox receivers put into their raw logs: UBX-SEC-ECSIGN.

#include "core/bytes.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::ingest {

enum class BlockState : std::uint8_t {
  verified,        ///< hash and signature fit
  wrong_hash,      ///< the bytes before the signature are not those that were signed
  wrong_signature, ///< the hash fits, the signature isn't this receiver's
  unknown,         ///< the log begins in the middle of the first block, so its hash can't be told
};

struct SignedBlock {
  std::size_t begin = 0, end = 0;   ///< bytes of the log that the signature is over
  std::uint16_t number = 0;         ///< the message's own count
  BlockState state = BlockState::unknown;
};

struct UbloxSignatures {
  std::vector<SignedBlock> blocks;
  std::size_t unsigned_bytes = 0;   ///< after the last signature
  bool is_continuous = true;        ///< each message number follows the one before: no block was cut out
  /// Every block after the first fits, none is missing, and at least one was verified.
  bool holds() const;
};

/// Checks a raw log (UBX messages, with NMEA between them) against the receiver's 24-byte public key. Pure; time grows with the
/// log's length. What is checked: SHA-256 of the bytes between two signatures equals the message's final hash; the digest that is
/// signed is d = SHA-256(final hash, session id) folded to 24 bytes, (d[0:8] xor d[24:32]), d[8:24]; ECDSA over it.
/// Unsure, because no receiver's log with its key is at hand: that the curve is NIST P-192 and the key its x coordinate (of the two
/// points with that x either is taken); the order of the fields, which is read from their sizes in the message of 108 bytes.
/// A key of another length verifies nothing.
UbloxSignatures check_ublox_signatures(ByteView log, ByteView public_key);

}  // namespace cairn::ingest
