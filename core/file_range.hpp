#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn {

/// Bytes of an open file, to be handed to the system without being looked at. Whoever hands it on keeps the file open.
struct FileRange {
  int descriptor = -1;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

}  // namespace cairn
