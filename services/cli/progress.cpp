#include "services/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>

namespace cairn::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kBarWidth = 30;
constexpr const char* kBackToStart = "\r\033[K";
constexpr std::chrono::milliseconds kTerminalPause{100};
constexpr std::chrono::milliseconds kLogPause{3000};

}  // namespace

std::string human_bytes(double bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text.data();
}

StatusLine::StatusLine() : terminal_{::isatty(STDERR_FILENO) == 1} {}

StatusLine::~StatusLine() {
  if (terminal_ && !last_.empty()) std::cerr << kBackToStart << std::flush;
}

void StatusLine::show(const std::string& text) {
  const auto now = Clock::now();
  if (text == last_ || now - shown_ < (terminal_ ? kTerminalPause : kLogPause)) return;
  shown_ = now;
  last_ = text;
  std::cerr << (terminal_ ? kBackToStart : "") << text << (terminal_ ? "" : "\n") << std::flush;
}

void StatusLine::keep(const std::string& text) {
  std::cerr << (terminal_ ? kBackToStart : "") << text << "\n";
  last_.clear();
}

ProgressBar::ProgressBar(std::string what, std::uint64_t total_bytes, int total_files)
    : what_{std::move(what)}, total_bytes_{total_bytes}, total_files_{total_files}, started_{Clock::now()} {}

std::string ProgressBar::text(std::uint64_t bytes, int files) const {
  const double share = total_bytes_ == 0 ? 1 : static_cast<double>(bytes) / static_cast<double>(total_bytes_);
  const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(bytes) / seconds : 0;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  std::string bar(std::min<std::size_t>(filled, kBarWidth), '#');
  bar.resize(kBarWidth, '.');
  std::string line = what_ + " [" + bar + "] " + std::to_string(files) + "/" + std::to_string(total_files_) + " files, " +
                     human_bytes(static_cast<double>(bytes)) + ", " + human_bytes(rate) + "/s";
  if (rate > 0 && bytes < total_bytes_) {
    line += ", " + std::to_string(static_cast<int>(static_cast<double>(total_bytes_ - bytes) / rate) + 1) + " s left";
  }
  return line;
}

void ProgressBar::update(std::uint64_t bytes, int files) { line_.show(text(bytes, files)); }

void ProgressBar::finish() { line_.keep(text(total_bytes_, total_files_)); }

void RateLine::show(const std::string& stage, double share, std::uint64_t count) {
  const auto now = Clock::now();
  if (stage != stage_) {
    stage_ = stage;
    began_ = now;
  }
  const double seconds = std::chrono::duration<double>(now - began_).count();
  auto text = stage_;
  if (share > 0) text += fmt::format(" {:.0f} %", share * 100);
  text += fmt::format(", {} done", count);
  if (seconds > 0.5) text += fmt::format(", {:.0f} a second", static_cast<double>(count) / seconds);
  if (seconds > 0.5 && share > 0) text += fmt::format(", about {:.0f} s left", seconds / share * (1 - share));
  line_.show(text);
}

}  // namespace cairn::cli
