#pragma once
// How far an upload is, for those who wait for it: read often, so cheap, without the records of frames.

#include "core/id.hpp"
#include "core/reason.hpp"
#include "core/tile_id.hpp"
#include "core/time.hpp"
#include "services/store/frames.hpp"
#include "services/store/jobs.hpp"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::store {

/// What became of a frame so far.
struct FrameFate {
  FrameId id;
  FileId file;
  std::string file_name;
  UtcTime taken_at{};
  FrameState state = FrameState::decoded;
  bool published = false;
  LatLon place;
  std::optional<Refusal> refusal;
  std::optional<SequenceId> sequence;
  std::optional<FrameId> duplicate_of;
};
std::vector<FrameFate> frame_fates(Session&, UploadSetId id);

/// The set's files that a worker is decoding at this moment.
std::set<FileId> files_being_decoded(Session&, UploadSetId id);

/// Whether a base tile of the map is still to be built; one that can't be built doesn't wait.
bool tile_waits(Session&, TileId base_tile);

/// Jobs by stage.
using JobCounts = std::array<int, kStages.size()>;
struct QueuePlace {
  JobCounts before{};   ///< waiting or running jobs of others that go before the set's last one
  JobCounts own{};      ///< the set's own
};
/// Where a set's jobs stand; all zero when it has none.
QueuePlace queue_place(Session&, UploadSetId id);

/// What a job of each stage cost lately and how many workers share the work.
struct Pace {
  std::array<std::optional<double>, kStages.size()> seconds_per_job;
  int workers = 0;
};
Pace pace(Session&);
void note_pace(Session&, const Pace&);

}  // namespace cairn::store
