#pragma once
// How far an upload is at one moment.

#include "services/gateway/context.hpp"
#include "services/store/files.hpp"
#include "services/store/progress.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

#include <map>
#include <set>
#include <vector>

namespace cairn::gateway {

/// The way of a file, in order.
enum class Step { received, decoding, inspecting, fusing, fused, on_the_map, refused };
inline constexpr std::array kSteps{Step::received, Step::decoding, Step::inspecting, Step::fusing, Step::fused, Step::on_the_map, Step::refused};
std::string_view name_of(Step step);

/// All that is known of a set at one moment.
struct Snapshot {
  store::UploadSet set;
  std::vector<store::SequenceRow> sequences;
  std::vector<store::ReceivedFile> files;
  std::vector<store::FrameFate> frames;
  std::set<FileId> being_decoded;
  std::set<TileId> waiting_tiles;     ///< of the map, where its frames are

  /// Every frame has its verdict.
  bool ready() const;
};
Snapshot snapshot_of(Context& context, const store::UploadSet& set);

Step step_of(const store::FrameFate& frame, const Snapshot& now);
/// A file is as far as its slowest frame.
std::map<FileId, Step> steps_of(const Snapshot& now);

struct Wait {
  int jobs_before = 0;                ///< of others, that go before the set's last one
  std::optional<double> estimate_s;   ///< until all is on the map; nothing as long as no worker is there, or a stage was never measured
};
/// The work before the set's last job, its own and what follows from it, at the pace of late, shared by the workers there are.
Wait wait_of(Context& context, const Snapshot& now);

}  // namespace cairn::gateway
