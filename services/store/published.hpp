#pragma once
// What readers get to see of frames: search, and what a tile is made of.

#include "core/tile_id.hpp"
#include "services/store/filter.hpp"
#include "services/store/frames.hpp"

namespace cairn::store {

/// Frames that a viewer may see with their pictures: every condition that is set must hold.
struct FrameSearch {
  std::optional<AccountId> viewer;       ///< sees its own hidden frames and those for the logged in; nothing: what anyone sees
  std::optional<GeoBounds> within;
  std::optional<UtcTime> taken_after, taken_before;
  std::vector<SequenceId> sequences;
  std::vector<FrameId> ids;
  Filter filter;                         ///< on columns of frames
  std::optional<int> after_rank;
  std::optional<FrameId> after_id;       ///< for the order by id
  bool by_shown_rank = false;            ///< ranks are those in which the owner wants the sequence shown
  enum class Order { time, time_descending, rank, distance, id } order = Order::time;
  LatLon centre;                         ///< for the order by distance
  int limit = 10;
};
std::vector<FrameRow> search_frames(Session&, const FrameSearch&);
/// How many there are, whatever the limit.
std::int64_t count_frames(Session&, const FrameSearch&);

/// What anyone is told of a published frame.
struct PublishedFrame {
  FrameId id;
  SequenceId sequence;
  UtcTime taken_at{};
  LatLon place;
};
/// Those of some frames that are published.
std::vector<PublishedFrame> published_among(Session&, const std::vector<FrameId>& frames);

/// A frame's place in its sequence.
struct RankedPoint {
  FrameId id;
  int rank = 0;
  LatLon place;
};
/// Frames of a sequence that a viewer may see, from the one before rank `first` to the one behind rank `last`, in order.
/// `by_shown_rank` as above.
std::vector<RankedPoint> points_around(Session&, const std::optional<AccountId>& viewer, SequenceId id, bool by_shown_rank, int first, int last);

/// What a map shows of a published frame.
struct ShownFrame {
  FrameId id;
  SequenceId sequence;
  AccountId account;
  UtcTime taken_at{};
  LatLon place;
  double heading_deg = 0;
  Camera camera;
  int width_px = 0;                      ///< upright
  double accuracy_m = 0, quality = 0;    ///< by its verdict
  std::optional<int> line_ordinal;
};
/// The published frames whose place lies in a range of the curve, in any order.
std::vector<ShownFrame> shown_frames_in(Session&, MortonRange range);
/// A vertex of a sequence's line.
struct LinePoint {
  int ordinal = 0;
  LatLon place;
  int line_zoom = 0;
};
/// Those from one ordinal to another, in order.
std::vector<LinePoint> line_points(Session&, SequenceId id, int first_ordinal, int last_ordinal);
/// The first published frame of a sequence: its camera speaks for the sequence.
std::optional<FrameRow> first_published_frame(Session&, SequenceId id);
std::optional<ShownFrame> first_shown_frame(Session&, SequenceId id);

}  // namespace cairn::store
