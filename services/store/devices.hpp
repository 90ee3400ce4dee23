#pragma once
// Registered devices, what they signed, and which files are among it.

#include "core/id.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

struct Device {
  std::string id;                        ///< did:key:…
  AccountId account;
  std::string name;
  UtcTime registered_at{};
  std::optional<UtcTime> revoked_at;
  std::string nonce;                     ///< of its session; empty when there is none
  UtcTime nonce_expires_at{};
  std::int64_t counter = 0;              ///< of its newest manifest
  std::string newest;                    ///< that manifest's SHA-256 in hex; empty before the first
  std::string receiver_key = {};         ///< of the u-blox receiver in it: 48 hex digits, or empty
};

/// False when the key is registered already.
bool insert_device(Session&, const Device&);
std::optional<Device> find_device(Session&, const std::string& id);
std::vector<Device> devices_of(Session&, AccountId account);
/// Of an account's devices that tell their receiver's key and were not revoked the newest eight: each key costs checks of every log.
std::vector<Device> devices_with_receiver(Session&, AccountId account);
void revoke_device(Session&, const std::string& id, UtcTime now);
void set_nonce(Session&, const std::string& id, const std::string& nonce, UtcTime expires_at);

struct SignedFile {
  Sha256 content;
  std::string name;
  std::int64_t size = 0;
};
/// Writes a manifest that was checked, and moves its device on.
void insert_manifest(Session&, const Device&, std::int64_t counter, const std::string& hash, const std::string& text, const std::vector<SignedFile>&, UtcTime now);

/// How many frames of a sequence come from files that a device of their account signed.
int signed_frames_of(Session&, SequenceId sequence);
/// The sequences with frames from the files of a manifest.
std::vector<SequenceId> sequences_of_manifest(Session&, const std::string& hash);

}  // namespace cairn::store
