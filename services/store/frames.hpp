#pragma once
// Frames and the sequences they form, from decoded to published.

#include "core/capture.hpp"
#include "core/feature.hpp"
#include "core/observation.hpp"
#include "core/tile_id.hpp"
#include "services/store/database.hpp"
#include "services/store/filter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

enum class FrameState { decoded, assembled, inspected, fused };
std::string_view name_of(FrameState state);
FrameState frame_state_from(const std::string& name);

/// What a frame's owner stated after the upload; it is shown instead of what was found, and no verdict depends on it.
struct Stated {
  std::optional<UtcTime> taken_at;
  std::optional<LatLon> place;
  std::optional<double> heading_deg, pitch_deg, roll_deg;
};

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
  int shown_rank = 0;                    ///< the rank, unless the owner wants another order
  std::string shown_to = "anyone";       ///< anyone, logged-only, owner-only; written by services/changes only
  Stated stated;                         ///< written by state() only
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
  std::optional<std::string> visibility; ///< as its owner stated; else as the upload set's
  std::string shown_to = "anyone";
  std::string sorted_by = "+gpsdate";    ///< +gpsdate, -gpsdate, +filename, -filename: the order in which it is shown
  std::optional<UtcTime> deleted_at;
};

/// A frame that is there already is left as it is: decoding twice gives the same frames. One that was withdrawn begins anew.
void insert_frame(Session&, const FrameRow&);
/// Writes every column that a stage may change (all but ids, content, capture and file).
void update_frame(Session&, const FrameRow&);
/// Keeps what the owner states (what `stated` lacks stays as it is) and shows it.
void state(Session&, FrameRow& frame, const Stated& stated);
/// Puts what the owner stated in the place of what was found.
void show_stated(FrameRow& frame);
std::optional<FrameRow> find_frame(Session&, FrameId id);
std::vector<FrameRow> frames_of_set(Session&, UploadSetId id);
/// In order of rank.
std::vector<FrameRow> frames_of_sequence(Session&, SequenceId id);
std::vector<FrameRow> frames_of_sequence(Session&, SequenceId id, int first_rank, int last_rank);

void insert_sequence(Session&, const SequenceRow&);
void update_sequence(Session&, const SequenceRow&);
/// Writes what its owner may change: title, order, visibility; and deleted_at.
void update_owners_words(Session&, const SequenceRow&);
/// Numbers its frames as `sorted_by` says, for showing; fusion keeps the order of the drive.
void show_in_order(Session&, const SequenceRow&);
std::optional<SequenceRow> find_sequence(Session&, SequenceId id);
std::vector<SequenceRow> sequences_of_set(Session&, UploadSetId id);

/// Ready sequences that a viewer may see, page by page.
struct SequencePage {
  std::optional<AccountId> viewer;       ///< as in FrameSearch
  bool gone_too = false;                 ///< also deleted and hidden ones, for those who mirror the catalogue
  std::optional<AccountId> account;      ///< of that account only
  std::optional<GeoBounds> within;
  std::optional<UtcTime> taken_after, taken_before;
  Filter filter;                         ///< on columns of sequences
  enum class Order { created, updated, taken } order = Order::created;
  bool descending = false;
  std::optional<std::pair<UtcTime, SequenceId>> beyond;  ///< the page begins behind this one, by the order's time
  bool backwards = false;                ///< the page ends before `beyond`, or at the very end
  int limit = 100;
};
UtcTime time_of(const SequenceRow& sequence, SequencePage::Order order);
std::vector<SequenceRow> list_sequences(Session&, const SequencePage&);

/// Where and when the ready sequences that anyone may see are; nothing while there are none.
struct DataExtent {
  GeoBounds bounds;
  UtcTime first_taken_at{};
  UtcTime last_taken_at{};
};
std::optional<DataExtent> data_extent(Session&);

/// Frames that a viewer may see with their pictures: every condition that is set must hold.
struct FrameSearch {
  std::optional<AccountId> viewer;       ///< sees its own hidden frames and those for the logged in; nothing: what anyone sees
  std::optional<GeoBounds> within;
  std::optional<UtcTime> taken_after, taken_before;
  std::vector<SequenceId> sequences;
  std::vector<FrameId> ids;
  Filter filter;                         ///< on columns of frames
  std::optional<int> after_rank, before_rank;
  bool by_shown_rank = false;            ///< ranks are those in which the owner wants the sequence shown
  enum class Order { time, time_descending, rank, rank_descending } order = Order::time;
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
