#include "services/gateway/map/tile_answers.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace cairn::gateway {
namespace {

constexpr std::chrono::milliseconds kLookEvery{300};
constexpr std::chrono::milliseconds kTrusted{1000};  // after the last look that went well
constexpr int kEventsAtOnce = 1000;

AnswerCache::Key cache_key(const TileAnswers::Key& key) {
  return AnswerCache::key_of(static_cast<std::uint64_t>(key.door), key.tile, (key.packed ? 1 : 0) + (key.versioned ? 2 : 0));
}

}  // namespace

void TileAnswers::follow_catalogue() {
  following_ = std::jthread{[this](std::stop_token stop) { follow(stop); }};
}

std::optional<TileAnswers::Door> TileAnswers::door_of(std::string_view path) {
  constexpr std::string_view kOfSets = "tiles/";
  if (path == "api/map") return Door::panoramax_api;
  const auto set = path.starts_with(kOfSets) ? tiler::find_tile_set(path.substr(kOfSets.size())) : std::nullopt;
  return set ? std::optional{door_of(*set)} : std::nullopt;
}

SharedAnswer TileAnswers::find(const Key& key) {
  if (Clock::now() - looked_at_.load() > kTrusted) return nullptr;
  return cache_.find(cache_key(key));
}

/// What was read before an event that is known by now may be older than the event: it is not kept. What was read after it and kept
/// before the next one is forgotten with that. Both sides hold the mutex, so there is no moment in between.
void TileAnswers::keep(const Key& key, SharedAnswer answer, std::int64_t stamp) {
  const std::lock_guard lock{mutex_};
  if (stamp >= 0 && stamp == seen_) cache_.keep(cache_key(key), std::move(answer));
}

void TileAnswers::follow(std::stop_token stop) {
  std::optional<store::Session> catalogue;
  while (!stop.stop_requested()) {
    try {
      if (!catalogue) catalogue.emplace(url_);
      const auto begun = Clock::now();
      look(*catalogue);
      looked_at_ = begun;
    } catch (const std::exception& error) {
      spdlog::warn("tiles are read from the catalogue one by one, as its events can't be followed: {}", error.what());
      catalogue.reset();
    }
    std::mutex waiting;
    std::unique_lock lock{waiting};
    pause_.wait_for(lock, stop, kLookEvery, [] { return false; });
  }
}

void TileAnswers::look(store::Session& catalogue) {
  const auto kept = store::kept_events(catalogue);
  const std::lock_guard lock{mutex_};
  if (seen_ < 0 || !kept.reach_back_to(seen_)) {  // the beginning, or events that were missed are gone
    cache_.clear();
    seen_ = kept.newest;
  }
  while (seen_ < kept.newest) {
    const auto events = store::events_since(catalogue, seen_, kEventsAtOnce);
    if (events.empty()) break;
    for (const auto& event : events) forget_what_changed(event);
    seen_ = events.back().seq;
  }
}

void TileAnswers::forget_what_changed(const store::Event& event) {
  if (event.kind != "tile") return;
  const auto subject = nlohmann::json::parse(event.subject_json);
  const auto door = door_of("tiles/" + subject.at("set").get<std::string>());
  const auto tile = TileId::from_zxy(subject.at("z").get<int>(), subject.at("x").get<std::int64_t>(), subject.at("y").get<std::int64_t>());
  if (!door || !tile) return cache_.clear();  // an event of a kind that we don't know: better nothing than old tiles
  for (const auto each : {*door, *door == Door::panoramax ? Door::panoramax_api : *door}) {
    for (int form = 0; form < 4; ++form) cache_.forget(cache_key({each, *tile, form % 2 == 1, form >= 2}));
  }
}

}  // namespace cairn::gateway
