#pragma once
// Upload sets; their files are in files.hpp.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"
#include "services/store/filter.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

struct UploadSet {
  UploadSetId id;
  AccountId account;
  std::string title;
  UtcTime created_at{};
  std::optional<UtcTime> completed_at;   ///< the sender said that all is here
  std::optional<UtcTime> dispatched_at;  ///< its frames are in sequences
  std::optional<int> estimated_files;
  std::string rules_json = "{}";         ///< sort_method, no_split, split_distance, split_time, no_deduplication, duplicate_*
  std::string metadata_json = "null";
  std::string user_agent;
  std::string visibility = "anyone";
  std::optional<SequenceId> one_sequence; ///< all its frames go there, in the order of their positions
};

void insert_upload_set(Session&, const UploadSet&);
/// Writes what its owner may change: title, rules.
void update_upload_set(Session&, const UploadSet&);
std::optional<UploadSet> find_upload_set(Session&, UploadSetId id);
/// Newest first; the filter is on columns of upload_sets.
std::vector<UploadSet> upload_sets_of(Session&, AccountId account, int limit, const Filter& filter);
/// Counts one more file name of the set. Refused files count, the same name sent again does not.
void count_name(Session&, UploadSetId id);
/// How many were counted: what the sender's estimate is compared with.
int names_in(Session&, UploadSetId id);
void set_completed(Session&, UploadSetId id, std::optional<UtcTime> at);
void set_dispatched(Session&, UploadSetId id, UtcTime at);
/// Sets that were not completed but have files and have been quiet since `before`: their sender has gone.
std::vector<UploadSetId> quiet_upload_sets(Session&, UtcTime before);

/// Frames of a set by what became of them: (state, count); refused ones count as "refused".
struct FrameCounts {
  int decoded = 0, assembled = 0, inspected = 0, fused = 0, refused = 0, published = 0;
};
FrameCounts frame_counts(Session&, UploadSetId id);

}  // namespace cairn::store
