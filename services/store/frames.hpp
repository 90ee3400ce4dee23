#pragma once
// Frames and the sequences they form, from decoded to published.

#include "core/capture.hpp"
#include "core/feature.hpp"
#include "core/observation.hpp"
#include "core/tile_id.hpp"
#include "services/store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

enum class FrameState { decoded, assembled, inspected, fused };
std::string_view name_of(FrameState state);
FrameState frame_state_from(const std::string& name);

/// One frame as the catalogue knows it. What later stages found is absent until they ran.
struct FrameRow {
  FrameId id;
  UploadSetId upload_set;
  FileId file;
  AccountId account;
  std::string file_name;
  Sha256 content;                        ///< private blob with its JPEG
  Capture capture;
  std::optional<SequenceId> sequence;
  int rank = 0;                          ///< 1, 2, … within the sequence; 0 before
  FrameState state = FrameState::decoded;
  std::optional<Observation> observation;
  std::optional<FrameVerdict> verdict;
  std::optional<Refusal> refusal;
  std::optional<FrameId> duplicate_of;
  UtcTime taken_at{};
  LatLon place;                          ///< claimed until fused, then fused
  std::optional<double> heading_deg;
  std::optional<Sha256> hd, sd, thumb;   ///< public blobs
  bool published = false;
  std::optional<int> line_ordinal;
  std::optional<int> line_zoom;
};

enum class SequenceState { inspecting, fusing, ready };
std::string_view name_of(SequenceState state);

struct SequenceRow {
  SequenceId id;
  UploadSetId upload_set;
  AccountId account;
  std::string title;
  UtcTime created_at{};
  UtcTime updated_at{};
  SequenceState state = SequenceState::inspecting;
  int batches_left = 0;
  int frames = 0;
  int accepted = 0;
  UtcTime first_taken_at{};
  UtcTime last_taken_at{};
  double length_m = 0;
  LatLon south_west;
  LatLon north_east;
  Values fusion_values;
};

/// A frame that is there already is left as it is: decoding twice gives the same frames.
void insert_frame(Session&, const FrameRow&);
/// Writes every column that a stage may change (all but ids, content, capture and file).
void update_frame(Session&, const FrameRow&);
std::optional<FrameRow> find_frame(Session&, FrameId id);
std::vector<FrameRow> frames_of_set(Session&, UploadSetId id);
/// In order of rank.
std::vector<FrameRow> frames_of_sequence(Session&, SequenceId id);
std::vector<FrameRow> frames_of_sequence(Session&, SequenceId id, int first_rank, int last_rank);

void insert_sequence(Session&, const SequenceRow&);
void update_sequence(Session&, const SequenceRow&);
std::optional<SequenceRow> find_sequence(Session&, SequenceId id);
std::vector<SequenceRow> sequences_of_set(Session&, UploadSetId id);

/// Ready sequences in the order of their making, after a given one: for paging.
struct SequencePage {
  std::optional<GeoBounds> within;
  std::optional<UtcTime> taken_after, taken_before;
  std::optional<std::pair<UtcTime, SequenceId>> after;
  int limit = 100;
};
std::vector<SequenceRow> list_sequences(Session&, const SequencePage&);

/// Where and when the ready sequences are; nothing while there are none.
struct DataExtent {
  GeoBounds bounds;
  UtcTime first_taken_at{};
  UtcTime last_taken_at{};
};
std::optional<DataExtent> data_extent(Session&);

/// Published frames, for search: every condition that is set must hold. Ordered by (taken_at, id); at most `limit`.
struct FrameSearch {
  std::optional<GeoBounds> within;
  std::optional<UtcTime> taken_after, taken_before;
  std::vector<SequenceId> sequences;
  std::vector<FrameId> ids;
  int limit = 10;
};
std::vector<FrameRow> search_frames(Session&, const FrameSearch&);

/// The published frames whose place lies in a tile, and for each sequence that passes through it its line vertices there
/// with the neighbours before and after.
std::vector<FrameRow> published_frames_in(Session&, TileId tile);
struct LinePoint {
  SequenceId sequence;
  int ordinal = 0;
  LatLon place;
  int line_zoom = 0;
};
std::vector<LinePoint> line_points_through(Session&, TileId tile);
/// The first published frame of a sequence: its camera speaks for the sequence.
std::optional<FrameRow> first_published_frame(Session&, SequenceId id);

/// Accepted frames taken before `end` that no epoch has paid for, by (taken_at, id): the work of the next epoch.
std::vector<FrameRow> unpaid_frames(Session&, UtcTime end);
void mark_paid(Session&, const std::vector<FrameId>& frames, std::int64_t epoch);
/// Frames and files taken or received before `end` that are still on their way: while there are any, an epoch stays open.
int unfinished_before(Session&, UtcTime end);

/// Refusal codes and how many frames and files have them.
struct RefusalCount {
  std::string code;
  int count = 0;
};
std::vector<RefusalCount> refusal_counts(Session&);

struct Totals {
  int files = 0, frames = 0, published = 0, sequences = 0, features = 0, tiles = 0, accounts = 0;
};
Totals totals(Session&);

}  // namespace cairn::store
