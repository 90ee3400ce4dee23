#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cairn::cli {

/// A line on standard error that changes in place; where nobody looks (no terminal), a new line every few seconds.
class StatusLine {
 public:
  StatusLine();
  /// Takes the changing line away.
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  void show(const std::string& text);
  /// Stays as it is; what follows goes below.
  void keep(const std::string& text);

 private:
  bool terminal_;
  std::string last_;
  std::chrono::steady_clock::time_point shown_{};
};

/// How far something is, with rate and time left.
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
  StatusLine line_;
  std::chrono::steady_clock::time_point started_;
};

/// "reading 43 %, 1200000 done, 610000 a second, about 3 s left"
class RateLine {
 public:
  /// A share of 0 is one that isn't known. The rate is that of the stage.
  void show(const std::string& stage, double share, std::uint64_t count);

 private:
  StatusLine line_;
  std::string stage_;
  std::chrono::steady_clock::time_point began_;
};

/// 3.2 MB
std::string human_bytes(double bytes);

}  // namespace cairn::cli
