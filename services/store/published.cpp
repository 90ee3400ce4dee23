#include "services/store/published.hpp"

#include "services/store/conditions.hpp"
#include "services/store/frame_rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

template <class AnyId>
std::string quoted_list(const std::vector<AnyId>& ids) {
  std::string list;
  for (const auto& id : ids) list += (list.empty() ? "'" : ", '") + id.text() + "'";
  return list;
}

}  // namespace

std::vector<FrameRow> search_frames(Session& session, const FrameSearch& search) {
  Conditions conditions;
  conditions.add(search.viewer ? "(published = 1 or (state = 'fused' and reason is null and thumb is not null and " + visible_to(search.viewer) + "))" : "published = 1");
  if (search.within) {
    conditions.add("lon_e7 between " + e7_text(search.within->west_deg) + " and " + e7_text(search.within->east_deg) +
                   " and lat_e7 between " + e7_text(search.within->south_deg) + " and " + e7_text(search.within->north_deg));
  }
  if (search.taken_after) conditions.add("taken_at >= " + std::to_string(micros_of(*search.taken_after)));
  if (search.taken_before) conditions.add("taken_at <= " + std::to_string(micros_of(*search.taken_before)));
  if (!search.sequences.empty()) conditions.add("sequence_id in (" + quoted_list(search.sequences) + ")");
  if (!search.ids.empty()) conditions.add("id in (" + quoted_list(search.ids) + ")");
  const std::string rank = search.by_shown_rank ? "coalesce(shown_rank, rank)" : "rank";
  if (search.after_rank) conditions.add(rank + " > " + std::to_string(*search.after_rank));
  if (search.before_rank) conditions.add(rank + " < " + std::to_string(*search.before_rank));
  if (!search.filter.condition.empty()) conditions.add("(" + search.filter.condition + ")");
  using Order = FrameSearch::Order;
  const auto order = search.order == Order::time              ? "taken_at, id"
                     : search.order == Order::time_descending ? "taken_at desc, id desc"
                     : search.order == Order::rank            ? rank
                                                              : rank + " desc";
  auto prepared = (session.sql().prepare << "select * from frames" + conditions.text() + " order by " + order + " limit " + std::to_string(search.limit));
  bind(search.filter, prepared);
  soci::rowset<soci::row> rows = prepared;
  return frames_from(rows);
}

std::vector<FrameRow> published_frames_in(Session& session, TileId tile) {
  const auto range = morton_range_of(tile);
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where published = 1 and morton >= " + std::to_string(range.first) +
                                                               " and morton < " + std::to_string(range.end) + " order by id");
  return frames_from(rows);
}

std::vector<LinePoint> line_points_through(Session& session, TileId tile) {
  const auto range = morton_range_of(tile);
  std::vector<LinePoint> points;
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select distinct near.sequence_id as sequence_id, near.line_ordinal as line_ordinal, near.lat_e7 as lat_e7, "
                                "near.lon_e7 as lon_e7, near.line_zoom as line_zoom from frames here join frames near "
                                "on near.sequence_id = here.sequence_id and near.line_ordinal between here.line_ordinal - 1 and "
                                "here.line_ordinal + 1 and near.published = 1 where here.published = 1 and here.morton >= " +
                                    std::to_string(range.first) + " and here.morton < " + std::to_string(range.end) + " order by 1, 2");
  for (const auto& row : rows) {
    points.push_back({id_of<SequenceId>(row, "sequence_id"), static_cast<int>(int_of(row, "line_ordinal")),
                      LatLon::from_e7(int_of(row, "lat_e7"), int_of(row, "lon_e7")).value_or(LatLon{}),
                      static_cast<int>(int_of(row, "line_zoom"))});
  }
  return points;
}

std::optional<FrameRow> first_published_frame(Session& session, SequenceId id) {
  const auto text = id.text();
  soci::rowset<soci::row> rows = (session.sql().prepare << "select * from frames where sequence_id = :id and published = 1 order by rank limit 1", use(text, "id"));
  auto frames = frames_from(rows);
  return frames.empty() ? std::nullopt : std::optional{std::move(frames.front())};
}

}  // namespace cairn::store
