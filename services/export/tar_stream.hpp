#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct archive;

namespace cairn::services {

/// A tar archive (pax) whose bytes are taken away as it grows. Modes and times are fixed: the same content gives the same bytes.
class TarStream {
 public:
  TarStream();
  /// Begins a file; `size` bytes must follow before the next.
  void begin(const std::string& name, std::uint64_t size);
  void write(std::string_view bytes);
  void finish();
  /// What came to be since the last time. Writing throws with libarchive's reason.
  std::string taken();

 private:
  void check(int result) const;

  std::unique_ptr<std::string> bytes_;   ///< libarchive holds on to its address
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace cairn::services
