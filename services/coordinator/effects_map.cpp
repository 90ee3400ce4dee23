// Merge and tile: sightings become features, and everything becomes tiles.

#include "services/changes/dropped_blobs.hpp"
#include "services/changes/feed.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/map.hpp"
#include "services/store/tiles.hpp"

#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

std::optional<Sha256> digest_or_nothing(const std::string& hex) {
  const auto digest = Sha256::from_hex(hex);
  if (!digest && !hex.empty()) throw std::runtime_error{"a tile result names no digest: '" + hex + "'"};
  return digest;
}

}  // namespace

void apply_merge(Session& session, const bus::Lease& lease, const bus::MergeResult& result, UtcTime now, const EffectRules& rules) {
  const auto cell = tile_from_text(lease.key()).value();
  std::vector<Feature> features;
  for (const auto& feature : result.features()) features.push_back(codec::from_record(feature));
  const auto before = store::replace_features(session, cell, features);
  changes::mark_tiles_dirty(session, changes::kSetsOfFeatures, changes::tell_features(session, before, features, now), now, rules.debounce);
}

void apply_tile(Session& session, const bus::Lease& lease, const bus::TileResult& result, UtcTime now, const EffectRules& rules) {
  const auto key = tile_key_from(lease.key()).value();
  const store::TileRow row{key.tileset, key.tile, digest_or_nothing(result.hash()), digest_or_nothing(result.blob()),
                           result.size(), digest_or_nothing(result.rollup())};
  const auto before = store::find_tile(session, key.tileset, key.tile);
  if (!store::put_tile(session, row)) return;
  const auto old = before ? before->hash : std::nullopt;
  if (before && before->blob && before->blob != row.blob) changes::drop_blob(session, store::Namespace::public_, *before->blob, Sha256{}, now);
  if (old != row.hash) changes::tell_tile(session, key.tileset, key.tile, old, row.hash, now);
  if (key.tile.zoom() == 0) return;
  const auto parent = key.tile.parent();
  store::enqueue(session, {.stage = store::Stage::tile, .key = changes::tile_key(key.tileset, parent), .tenant = "", .now = now, .delay = rules.debounce.at(parent.zoom())});
}

}  // namespace cairn::coordinator
