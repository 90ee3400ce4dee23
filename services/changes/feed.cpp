#include "services/changes/feed.hpp"

#include "services/codec/codec.hpp"
#include "services/store/events.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace cairn::changes {
namespace {

using nlohmann::json;

/// Many things that changed at once share an event, but not so many that a page of events gets long.
template <class AnyId>
void append_ids(store::Session& session, const char* kind, const std::vector<AnyId>& ids, UtcTime now) {
  constexpr std::size_t kAtOnce = 100;
  for (std::size_t from = 0; from < ids.size(); from += kAtOnce) {
    auto list = json::array();
    for (auto i = from; i < std::min(ids.size(), from + kAtOnce); ++i) list.push_back(ids[i].text());
    store::append_event(session, now, kind, list.dump());
  }
}

std::map<FeatureId, const Feature*> by_id(const std::vector<Feature>& features) {
  std::map<FeatureId, const Feature*> map;
  for (const auto& feature : features) map.emplace(feature.id, &feature);
  return map;
}

json hash_or_null(const std::optional<Sha256>& hash) { return hash ? json(hash->hex()) : json(); }

}  // namespace

void tell_pictures(store::Session& session, const std::vector<FrameId>& pictures, UtcTime now) { append_ids(session, "pictures", pictures, now); }

std::vector<LatLon> tell_features(store::Session& session, const std::vector<Feature>& before, const std::vector<Feature>& after, UtcTime now) {
  const auto old = by_id(before), current = by_id(after);
  std::vector<FeatureId> born, others;
  std::vector<LatLon> touched;
  for (const auto& [id, feature] : current) {
    const auto known = old.find(id);
    if (known != old.end() && codec::to_json(*known->second) == codec::to_json(*feature)) continue;
    (known == old.end() ? born : others).push_back(id);
    touched.push_back(feature->place);
    if (known != old.end()) touched.push_back(known->second->place);
  }
  for (const auto& [id, feature] : old) {
    if (current.contains(id)) continue;
    others.push_back(id);
    touched.push_back(feature->place);
  }
  append_ids(session, "features_born", born, now);
  append_ids(session, "features", others, now);
  return touched;
}

bool is_shown(const store::SequenceRow& sequence) { return sequence.shown_to == "anyone" && sequence.accepted > 0 && !sequence.deleted_at; }

void tell_sequence(store::Session& session, SequenceId sequence, UtcTime now) {
  store::append_event(session, now, "sequence", json(sequence.text()).dump());
}

void tell_tile(store::Session& session, const std::string& tileset, TileId tile, const std::optional<Sha256>& before, const std::optional<Sha256>& after, UtcTime now) {
  const json subject{{"set", tileset}, {"z", tile.zoom()}, {"x", tile.x()}, {"y", tile.y()}, {"old", hash_or_null(before)}, {"new", hash_or_null(after)}};
  store::append_event(session, now, "tile", subject.dump());
}

}  // namespace cairn::changes
