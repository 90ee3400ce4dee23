#pragma once

#include "services/identity/jwt.hpp"

#include <filesystem>

namespace cairn::identity {

/// The secret in that file; made there with 256 random bits, readable by its owner only, when there is none. Several processes
/// may ask at once: all get the same. Throws when the file can't be read or made, is open to others, or holds less than 32 bytes.
ServerSecret server_secret(const std::filesystem::path& file);

}  // namespace cairn::identity
