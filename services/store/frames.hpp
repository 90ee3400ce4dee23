#pragma once
// Frames, from decoded to fused.

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

/// Whether it was taken away: by its owner, or because of a private area.
bool is_withdrawn(const FrameRow&);

/// A frame that is there already is left as it is: decoding twice gives the same frames. One that was taken away begins anew.
void insert_frame(Session&, const FrameRow&);
/// Writes content and capture of a picture that was shown before it was decoded, until it is in a sequence.
void update_early_frame(Session&, const FrameRow&);
/// Writes every column that a stage may change (all but ids, content, capture and file).
void update_frame(Session&, const FrameRow&);
/// Keeps what the owner states (what `stated` lacks stays as it is) and shows it.
void state(Session&, FrameRow& frame, const Stated& stated);
/// Puts what the owner stated in the place of what was found.
void show_stated(FrameRow& frame);
std::optional<FrameRow> find_frame(Session&, FrameId id);
std::vector<FrameRow> frames_of_set(Session&, UploadSetId id);
std::vector<FrameRow> frames_of_file(Session&, FileId id);
/// Frames in a box, and those that their owners moved, wherever they are; of one account or of all.
std::vector<FrameRow> frames_within(Session&, const GeoBounds& box, const std::optional<AccountId>& account);
/// In order of rank.
std::vector<FrameRow> frames_of_sequence(Session&, SequenceId id);
std::vector<FrameRow> frames_of_sequence(Session&, SequenceId id, int first_rank, int last_rank);
/// Whether a frame of the sequence is still to be inspected; withdrawn ones are not.
bool awaits_inspection(Session&, SequenceId id);

}  // namespace cairn::store
