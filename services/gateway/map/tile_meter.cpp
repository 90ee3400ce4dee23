#include "services/gateway/map/tile_meter.hpp"

#include <spdlog/spdlog.h>

namespace cairn::gateway {
namespace {

constexpr std::chrono::seconds kBelieved{10};    // so long a token may be used after it was revoked
constexpr std::chrono::seconds kWriteEvery{10};
constexpr std::size_t kMostHolders = 65'536;     // at once: some 15 MB

}  // namespace

TileMeter::TileMeter(store::DatabaseUrl url, std::int64_t most_per_day, std::function<UtcTime()> clock)
    : url_{std::move(url)}, most_per_day_{most_per_day}, clock_{std::move(clock)}, writing_{[this](std::stop_token stop) { run(stop); }} {}

TileMeter::~TileMeter() {
  writing_.request_stop();
  writing_.join();
}

TileMeter::Holder* TileMeter::holder_of(std::string_view secret) {
  const auto found = holders_.find(secret);
  return found == holders_.end() || found->second.known_until < Clock::now() ? nullptr : &found->second;
}

TileMeter::Verdict TileMeter::verdict_on(std::string_view secret) {
  if (secret.empty()) return Verdict::welcome;
  const auto today = store::day_of(clock_());
  const std::lock_guard lock{mutex_};
  auto* const holder = holder_of(secret);
  if (!holder) return Verdict::unknown;
  if (holder->day != today) {
    holder->day = today;
    holder->fetched = 0;
  }
  return most_per_day_ > 0 && holder->fetched >= most_per_day_ ? Verdict::over : Verdict::welcome;
}

void TileMeter::count(std::string_view secret, std::size_t bytes) {
  const auto size = static_cast<std::int64_t>(bytes);
  if (secret.empty()) {
    nobodys_tiles_ += 1;
    nobodys_bytes_ += size;
    return;
  }
  const std::lock_guard lock{mutex_};
  const auto found = holders_.find(secret);
  if (found == holders_.end()) return;
  auto& holder = found->second;
  ++holder.fetched;
  ++holder.unwritten.tiles;
  holder.unwritten.bytes += size;
}

void TileMeter::learn(std::string_view secret, const std::string& token, std::int64_t fetched_today) {
  const auto today = store::day_of(clock_());
  const std::lock_guard lock{mutex_};
  if (holders_.size() >= kMostHolders) std::erase_if(holders_, [](const auto& entry) { return entry.second.known_until < Clock::now() && entry.second.unwritten.tiles == 0; });
  if (holders_.size() >= kMostHolders) return;
  auto& holder = holders_[std::string{secret}];
  holder.token = token;
  holder.known_until = Clock::now() + kBelieved;
  holder.day = today;
  holder.fetched = fetched_today + holder.unwritten.tiles;
}

/// What isn't written yet, by token; it counts as written from here on.
std::map<std::string, store::TileUse> TileMeter::taken() {
  const std::lock_guard lock{mutex_};
  auto uses = std::exchange(left_, {});
  const auto add = [&uses](const std::string& token, const store::TileUse& more) {
    if (more.tiles == 0) return;
    uses[token].tiles += more.tiles;
    uses[token].bytes += more.bytes;
  };
  add("", {nobodys_tiles_.exchange(0), nobodys_bytes_.exchange(0)});
  for (auto& [secret, holder] : holders_) add(holder.token, std::exchange(holder.unwritten, {}));
  return uses;
}

void TileMeter::write() {
  const auto uses = taken();
  if (uses.empty()) return;
  try {
    store::Session catalogue{url_};
    const auto today = store::day_of(clock_());
    catalogue.write([&](store::Session& session) {
      for (const auto& [token, use] : uses) store::add_tile_use(session, token, today, use);
    });
  } catch (const std::exception& error) {
    spdlog::warn("what was served can't be written and is tried again: {}", error.what());
    const std::lock_guard lock{mutex_};
    left_ = uses;
  }
}

void TileMeter::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::mutex waiting;
    std::unique_lock lock{waiting};
    pause_.wait_for(lock, stop, kWriteEvery, [] { return false; });
    write();
  }
}

}  // namespace cairn::gateway
