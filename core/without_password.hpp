#pragma once

#include <string>

namespace cairn {

/// An address as it may be shown: "postgresql://anna:secret@host/db?password=secret" without both secrets. Any other text stays as it is.
std::string without_password(std::string url);

}  // namespace cairn
