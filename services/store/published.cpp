#include "services/store/published.hpp"

#include "core/angle.hpp"
#include "services/codec/codec.hpp"
#include "services/store/conditions.hpp"
#include "services/store/frame_rows.hpp"

#include <cmath>
#include <span>

namespace cairn::store {
namespace {

using soci::use;

std::vector<ShownFrame> shown_frames_where(Session& session, const std::string& condition) {
  using Text = std::string;
  return all_of_columns<Text, Text, Text, long long, long long, long long, double, int, Text, Text, Text>(
      (session.sql().prepare << "select id, sequence_id, account_id, taken_at, lat_e7, lon_e7, coalesce(heading_deg, 0), coalesce(line_ordinal, -1), capture, "
                                "coalesce(observation, ''), coalesce(verdict, '') from frames where published = 1 and " + condition),
      [](const auto& id, const auto& sequence, const auto& account, auto taken_at, auto lat_e7, auto lon_e7, auto heading_deg, auto ordinal, const auto& capture,
         const auto& observation, const auto& verdict) {
        ShownFrame frame{id_in<FrameId>(id, "id"), id_in<SequenceId>(sequence, "sequence_id"), id_in<AccountId>(account, "account_id"), time_from_micros(taken_at),
                         place_at(lat_e7, lon_e7), heading_deg, codec::capture_from_json(capture).camera};
        frame.width_px = observation.empty() ? frame.camera.width_px : codec::observation_from_json(observation, codec::Lists::left_out).width_px;
        if (ordinal >= 0) frame.line_ordinal = ordinal;
        if (verdict.empty()) return frame;
        const auto decided = codec::verdict_from_json(verdict, codec::Lists::left_out);
        frame.accuracy_m = decided.pose.accuracy_m;
        frame.quality = decided.quality;
        return frame;
      });
}

/// With their pictures.
std::string shown_to(const std::optional<AccountId>& viewer) {
  return viewer ? "(published = 1 or (state = 'fused' and reason is null and thumb is not null and " + visible_to(viewer) + "))" : "published = 1";
}

std::string rank_column(bool by_shown_rank) { return by_shown_rank ? "coalesce(shown_rank, rank)" : "rank"; }

std::string order_of(const FrameSearch& search) {
  using Order = FrameSearch::Order;
  switch (search.order) {
    case Order::time: return "taken_at, id";
    case Order::time_descending: return "taken_at desc, id desc";
    case Order::rank: return rank_column(search.by_shown_rank);
    case Order::id: return "id";
    case Order::distance: break;
  }
  // Squares of degrees, a degree of longitude shortened as at the centre: whoever needs metres sorts the few that are found.
  const auto north = "(lat_e7 - " + std::to_string(search.centre.lat_e7()) + ") * 1e-7";
  const auto east = "(lon_e7 - " + std::to_string(search.centre.lon_e7()) + ") * 1e-7 * " + std::to_string(std::lround(1e6 * std::cos(search.centre.lat_deg() * kRadians))) + " * 1e-6";
  return "(" + north + ") * (" + north + ") + (" + east + ") * (" + east + "), id";
}

Conditions conditions_of(const FrameSearch& search) {
  Conditions conditions;
  conditions.add(shown_to(search.viewer));
  if (search.within) conditions.add(lies_within(*search.within));
  if (search.taken_after) conditions.add("taken_at >= " + std::to_string(micros_of(*search.taken_after)));
  if (search.taken_before) conditions.add("taken_at <= " + std::to_string(micros_of(*search.taken_before)));
  if (!search.sequences.empty()) conditions.add("sequence_id in (" + list_of(std::span{search.sequences}) + ")");
  if (!search.ids.empty()) conditions.add("id in (" + list_of(std::span{search.ids}) + ")");
  if (search.after_rank) conditions.add(rank_column(search.by_shown_rank) + " > " + std::to_string(*search.after_rank));
  if (search.after_id) conditions.add("id > '" + search.after_id->text() + "'");
  if (!search.filter.condition.empty()) conditions.add("(" + search.filter.condition + ")");
  return conditions;
}

}  // namespace

std::vector<FrameRow> search_frames(Session& session, const FrameSearch& search) {
  auto prepared = (session.sql().prepare << "select * from frames" + conditions_of(search).text() + " order by " + order_of(search) + " limit " + std::to_string(search.limit));
  bind(search.filter, prepared);
  return all_from(prepared, frame_from);
}

std::int64_t count_frames(Session& session, const FrameSearch& search) {
  auto prepared = (session.sql().prepare << "select count(*) as frames from frames" + conditions_of(search).text());
  bind(search.filter, prepared);
  return first_from(prepared, [](const auto& row) { return int_of(row, "frames"); }).value_or(0);
}

std::vector<PublishedFrame> published_among(Session& session, const std::vector<FrameId>& frames) {
  std::vector<PublishedFrame> found;
  for (const auto& list : lists_of(frames)) {
    auto some = all_from((session.sql().prepare << "select id, sequence_id, taken_at, lat_e7, lon_e7 from frames where published = 1 and id in (" + list + ")"),
                         [](const auto& row) { return PublishedFrame{id_of<FrameId>(row, "id"), id_of<SequenceId>(row, "sequence_id"), time_of(row, "taken_at"), place_of(row)}; });
    std::ranges::move(some, std::back_inserter(found));
  }
  return found;
}

std::vector<RankedPoint> points_around(Session& session, const std::optional<AccountId>& viewer, SequenceId id, bool by_shown_rank, int first, int last) {
  const auto rank = rank_column(by_shown_rank);
  const auto theirs = " from frames where sequence_id = '" + id.text() + "' and " + shown_to(viewer) + " and " + rank;
  const auto least = std::to_string(first), most = std::to_string(last);
  return all_from(
      (session.sql().prepare << "select id, " + rank + " as place_rank, lat_e7, lon_e7" + theirs +
                                    " >= coalesce((select " + rank + theirs + " < " + least + " order by " + rank + " desc limit 1), " + least + ") and " + rank +
                                    " <= coalesce((select " + rank + theirs + " > " + most + " order by " + rank + " limit 1), " + most + ") order by " + rank),
      [](const auto& row) { return RankedPoint{id_of<FrameId>(row, "id"), static_cast<int>(int_of(row, "place_rank")), place_of(row)}; });
}

std::vector<ShownFrame> shown_frames_in(Session& session, MortonRange range) {
  return shown_frames_where(session, "morton >= " + std::to_string(range.first) + " and morton < " + std::to_string(range.end));
}

std::vector<LinePoint> line_points(Session& session, SequenceId id, int first_ordinal, int last_ordinal) {
  const auto text = id.text();
  return all_of_columns<int, long long, long long, int>(
      (session.sql().prepare << "select line_ordinal, lat_e7, lon_e7, coalesce(line_zoom, 0) from frames where published = 1 and sequence_id = :id and "
                                "line_ordinal between :first and :last order by line_ordinal",
       use(text, "id"), use(first_ordinal, "first"), use(last_ordinal, "last")),
      [](auto ordinal, auto lat_e7, auto lon_e7, auto zoom) { return LinePoint{ordinal, place_at(lat_e7, lon_e7), zoom}; });
}

std::optional<FrameRow> first_published_frame(Session& session, SequenceId id) {
  const auto text = id.text();
  return first_from((session.sql().prepare << "select * from frames where sequence_id = :id and published = 1 order by rank limit 1", use(text, "id")), frame_from);
}

std::optional<ShownFrame> first_shown_frame(Session& session, SequenceId id) {
  auto frames = shown_frames_where(session, "sequence_id = '" + id.text() + "' order by rank limit 1");
  return frames.empty() ? std::nullopt : std::optional{std::move(frames.front())};
}

}  // namespace cairn::store
