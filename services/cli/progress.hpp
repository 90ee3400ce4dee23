#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cairn::cli {

/// A line on standard error that shows how far something is, with rate and time left; silent where nobody looks (no terminal),
/// but for a line every few seconds.
class ProgressBar {
 public:
  ProgressBar(std::string what, std::uint64_t total_bytes, int total_files);
  void update(std::uint64_t bytes, int files);
  /// Leaves the bar as it is and goes to the next line.
  void finish();

 private:
  std::string text(std::uint64_t bytes, int files) const;
  std::string what_;
  std::uint64_t total_bytes_;
  int total_files_;
  bool terminal_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point shown_{};
};

/// 3.2 MB
std::string human_bytes(double bytes);

}  // namespace cairn::cli
