#include "services/store/map.hpp"

#include "core/tile_cover.hpp"
#include "services/codec/codec.hpp"
#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"

#include <algorithm>

namespace cairn::store {
namespace {

using soci::use;

std::string between(MortonRange range) {
  return "morton >= " + std::to_string(range.first) + " and morton < " + std::to_string(range.end);
}

std::vector<Sighting> sightings_where(Session& session, const std::string& condition) {
  return all_of_columns<std::string>((session.sql().prepare << "select sighting from sightings where " + condition + " order by id"), codec::sighting_from_json);
}

std::vector<Feature> features_where(Session& session, const std::string& condition) {
  return all_of_columns<std::string>((session.sql().prepare << "select feature from features where " + condition + " order by id"),
                                     [](const auto& json) { return codec::feature_from_json(json); });
}

/// The box, or its halves where it reaches across the date line.
std::vector<GeoBounds> parts_of(const GeoBounds& box) {
  if (box.west_deg <= box.east_deg) return {box};
  return {{box.west_deg, box.south_deg, 180, box.north_deg}, {-180, box.south_deg, box.east_deg, box.north_deg}};
}

/// Ranges of the curve that cover a box, in order and apart from each other.
std::vector<MortonRange> ranges_of(const std::optional<GeoBounds>& box) {
  constexpr std::size_t kMostRanges = 16;
  std::vector<MortonRange> ranges;
  if (!box) return {morton_range_of(TileId{})};
  for (const auto& part : parts_of(*box)) {
    for (const auto tile : tiles_over(part, kMostRanges)) ranges.push_back(morton_range_of(tile));
  }
  std::ranges::sort(ranges, {}, &MortonRange::first);
  std::vector<MortonRange> apart;
  for (const auto range : ranges) {
    if (apart.empty() || range.first >= apart.back().end) apart.push_back(range);
    else apart.back().end = std::max(apart.back().end, range.end);
  }
  return apart;
}

bool lies_in(LatLon place, const GeoBounds& box) {
  const bool after_west = place.lon_deg() >= box.west_deg, before_east = place.lon_deg() <= box.east_deg;
  const bool between = box.west_deg <= box.east_deg ? after_west && before_east : after_west || before_east;
  return between && place.lat_deg() >= box.south_deg && place.lat_deg() <= box.north_deg;
}

bool is_wanted(const Feature& feature, const FeaturePage& page) {
  return (!page.within || lies_in(feature.place, *page.within)) && (!page.object || feature.object == *page.object) &&
         (!page.seen_after || feature.last_seen >= *page.seen_after) && (!page.seen_before || feature.first_seen <= *page.seen_before);
}

struct MarkedFeature {
  FeatureMark mark;
  Feature feature;
};

/// The next ones of a range, `most` at most.
std::vector<MarkedFeature> features_behind(Session& session, MortonRange range, const FeatureMark& mark, int most) {
  const auto from = std::to_string(std::max(range.first, mark.morton)), at = std::to_string(mark.morton);
  std::vector<MarkedFeature> found;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select id, morton, feature from features where morton >= " + from + " and morton < " + std::to_string(range.end) + " and (morton > " + at +
                                    " or id > '" + mark.id.text() + "') order by morton, id limit " + std::to_string(most));
  for (const auto& row : rows) found.push_back({{int_of(row, "morton"), id_of<FeatureId>(row, "id")}, codec::feature_from_json(text_of_row(row, "feature"))});
  return found;
}

}  // namespace

std::vector<Sighting> replace_sightings(Session& session, SequenceId sequence, const std::vector<Sighting>& sightings) {
  auto& sql = session.sql();
  const auto sequence_text = sequence.text();
  auto before = sightings_where(session, "sequence_id = '" + sequence_text + "'");
  sql << "delete from sightings where sequence_id = :s", use(sequence_text, "s");
  for (const auto& sighting : sightings) {
    const auto id = sighting.id.text();
    const auto account = sighting.contributor.text();
    const long long morton = morton_of(sighting.place);
    const auto json = codec::to_json(sighting);
    sql << "insert into sightings(id, sequence_id, account_id, morton, sighting) values (:id, :s, :account, :morton, :json)",
        use(id, "id"), use(sequence_text, "s"), use(account, "account"), use(morton, "morton"), use(json, "json");
  }
  return before;
}

std::vector<Sighting> sightings_in(Session& session, const std::vector<TileId>& cells) {
  std::vector<Sighting> sightings;
  for (const auto cell : cells) {
    auto some = sightings_where(session, between(morton_range_of(cell)));
    std::ranges::move(some, std::back_inserter(sightings));
  }
  std::ranges::sort(sightings, {}, &Sighting::id);
  return sightings;
}

std::vector<Feature> replace_features(Session& session, TileId cell, const std::vector<Feature>& features) {
  auto& sql = session.sql();
  const long long owner = morton_range_of(cell).first;
  auto before = features_where(session, "cell = " + std::to_string(owner));
  sql << "delete from features where cell = :cell", use(owner, "cell");
  for (const auto& feature : features) {
    const auto id = feature.id.text();
    // Its seed has crossed the border and the other cell has not been merged yet: it moves, and leaves a change there too.
    std::ranges::move(features_where(session, "id = '" + id + "'"), std::back_inserter(before));
    sql << "delete from features where id = :id", use(id, "id");
    const long long morton = morton_of(feature.place);
    const auto json = codec::to_json(feature);
    sql << "insert into features(id, cell, morton, feature) values (:id, :cell, :morton, :json)", use(id, "id"), use(owner, "cell"),
        use(morton, "morton"), use(json, "json");
  }
  return before;
}

std::vector<Feature> shown_features_in(Session& session, MortonRange range) {
  return all_of_columns<std::string>((session.sql().prepare << "select feature from features where " + between(range)),
                                     [](const auto& json) { return codec::feature_from_json(json, codec::Lists::left_out); });
}
std::vector<Feature> all_features(Session& session) { return features_where(session, "1 = 1"); }

std::optional<Feature> find_feature(Session& session, FeatureId id) {
  auto features = features_where(session, "id = '" + id.text() + "'");
  return features.empty() ? std::nullopt : std::optional{std::move(features.front())};
}

std::vector<Feature> features_among(Session& session, const std::vector<FeatureId>& ids) {
  std::vector<Feature> found;
  for (const auto& list : lists_of(ids)) std::ranges::move(features_where(session, "id in (" + list + ")"), std::back_inserter(found));
  return found;
}

FoundFeatures list_features(Session& session, const FeaturePage& page) {
  constexpr int kPiece = 500;  // rows of one query, so that a small page needs no long answer of the database
  FoundFeatures found;
  auto mark = page.behind;
  int left = page.most_read;
  for (const auto range : ranges_of(page.within)) {
    for (bool more = mark.morton < range.end; more;) {
      const auto piece = features_behind(session, range, mark, kPiece);
      more = piece.size() == kPiece;
      for (const auto& [place, feature] : piece) {
        if (static_cast<int>(found.features.size()) == page.limit || left-- == 0) {
          found.last = mark;
          return found;
        }
        mark = place;
        if (is_wanted(feature, page)) found.features.push_back(feature);
      }
    }
  }
  return found;
}

std::vector<LatLon> replace_coverage(Session& session, SequenceId sequence, const std::vector<CoverageVisit>& visits) {
  auto& sql = session.sql();
  const auto sequence_text = sequence.text();
  auto before = all_from((sql.prepare << "select lat_e7, lon_e7 from coverage_visits where sequence_id = :s", use(sequence_text, "s")), place_of);
  sql << "delete from coverage_visits where sequence_id = :s", use(sequence_text, "s");
  for (const auto& visit : visits) {
    const auto cell = static_cast<long long>(visit.cell);
    const long long lat = visit.place.lat_e7();
    const long long lon = visit.place.lon_e7();
    const long long morton = morton_of(visit.place);
    const long long seen = micros_of(visit.last_seen);
    sql << "insert into coverage_visits(cell, octant, sequence_id, morton, lat_e7, lon_e7, last_seen) "
           "values (:cell, :octant, :s, :morton, :lat, :lon, :seen)",
        use(cell, "cell"), use(visit.octant, "octant"), use(sequence_text, "s"), use(morton, "morton"), use(lat, "lat"),
        use(lon, "lon"), use(seen, "seen");
  }
  return before;
}

std::vector<CoverageRow> coverage_in(Session& session, MortonRange range) {
  return all_of_columns<long long, int, long long, long long, long long, int>(
      (session.sql().prepare << "select cell, octant, min(lat_e7), min(lon_e7), max(last_seen), count(*) from coverage_visits where " + between(range) + " group by cell, octant"),
      [](auto cell, auto octant, auto lat_e7, auto lon_e7, auto last_seen, auto passes) {
        return CoverageRow{static_cast<std::uint64_t>(cell), octant, place_at(lat_e7, lon_e7), time_from_micros(last_seen), passes};
      });
}

std::optional<GeoBounds> coverage_extent(Session& session) {
  soci::rowset<soci::row> rows = (session.sql().prepare << "select min(lat_e7) as south, max(lat_e7) as north, min(lon_e7) as west, max(lon_e7) as east from coverage_visits");
  for (const auto& row : rows) {
    if (!maybe_int(row, "south")) break;
    const auto degrees = [&row](const char* name) { return static_cast<double>(int_of(row, name)) * 1e-7; };
    return GeoBounds{degrees("west"), degrees("south"), degrees("east"), degrees("north")};
  }
  return std::nullopt;
}

std::optional<MortonKey> key_behind_rows(Session& session, MortonKey first, int rows) {
  std::optional<MortonKey> least;
  for (const std::string table : {"frames", "features", "coverage_visits"}) {
    const auto key = first_from((session.sql().prepare << "select morton from " + table + " where morton >= " + std::to_string(first) + " order by morton limit 1 offset " +
                                                              std::to_string(rows)),
                                [](const auto& row) { return int_of(row, "morton"); });
    if (key) least = least ? std::min(*least, *key) : *key;
  }
  return least;
}

std::vector<LatLon> all_places(Session& session) {
  std::vector<LatLon> places;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select lat_e7, lon_e7 from frames where published = 1 union "
                                                           "select lat_e7, lon_e7 from coverage_visits order by 1, 2");
  for (const auto& row : rows) {
    if (const auto place = LatLon::from_e7(int_of(row, "lat_e7"), int_of(row, "lon_e7"))) places.push_back(*place);
  }
  for (const auto& feature : all_features(session)) places.push_back(feature.place);
  return places;
}

}  // namespace cairn::store
