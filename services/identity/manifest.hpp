#pragma once
// What a device says it recorded: a signed list of files that follows on its list before (docs/devices.md).

#include "core/sha256.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::identity {

struct ManifestFile {
  std::string name;
  std::int64_t size = 0;
  Sha256 content;
};

struct Manifest {
  std::string did;
  std::string nonce;
  std::int64_t counter = 0;
  std::string previous;               ///< SHA-256 of the manifest before, as sent, in hex; empty for the first
  std::vector<ManifestFile> files;
  std::string hash;                   ///< SHA-256 of this one as sent
};

/// What is known about the device that a manifest must follow on.
struct DeviceState {
  std::string did;
  std::string nonce;                  ///< empty: none was asked for
  UtcTime nonce_expires_at{};
  std::int64_t counter = 0;
  std::string newest;
};

enum class ManifestFault { unsigned_, malformed, too_many_files, other_device, stale_nonce, wrong_counter, wrong_previous };
/// What is wrong and what the device does next.
std::string_view sentence_of(ManifestFault fault);
/// "wrong_counter": the stable code.
std::string_view code_of(ManifestFault fault);

inline constexpr std::size_t kMostManifestFiles = 5000;

/// Reads a manifest and checks its signature; nothing else is known to be true of it.
std::variant<Manifest, ManifestFault> read_manifest(std::string_view jws);
/// Whether it follows on what the device sent before: its session's nonce, the next counter, the hash of the one before.
std::variant<std::monostate, ManifestFault> check_order(const Manifest& manifest, const DeviceState& device, UtcTime now);

}  // namespace cairn::identity
