#pragma once
// The files of upload sets, as they were received.

#include "core/id.hpp"
#include "core/reason.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

enum class FileState { received, decoded, refused };

struct ReceivedFile {
  FileId id;
  UploadSetId upload_set;
  AccountId account;
  std::string name;
  std::string kind;                      ///< picture, video, track
  Sha256 content;                        ///< the private blob
  std::string md5;                       ///< 32 hex digits, of the received bytes
  std::optional<std::string> scan_hash; ///< 32 hex digits, of the compressed scan data
  std::int64_t size = 0;
  UtcTime received_at{};
  std::string overrides_json = "{}";     ///< {taken_at, lat_deg, lon_deg, heading_deg, position, is_blurred}: what the sender stated
  std::optional<FrameId> frame;          ///< of a picture
  FileState state = FileState::received;
  int frames = 0;
  std::optional<Refusal> refusal;
  std::vector<Refusal> notes;            ///< parts of it that were left out, and why; written by note_parts
  std::string log_state;                 ///< of a track: what its receiver's signatures say, as a code; empty: there are none
  std::string log_device;                ///< the device whose receiver made them; both are written by note_signatures
};

void insert_file(Session&, const ReceivedFile&);
std::optional<ReceivedFile> find_file(Session&, FileId id);
std::vector<ReceivedFile> files_of(Session&, UploadSetId id);
/// A track of a set, which its other files may take their places from.
struct Track {
  std::string name;
  Sha256 content;
  friend auto operator<=>(const Track&, const Track&) = default;
};
/// Those that were not refused, sorted. Costs the same however many files the set has.
std::vector<Track> tracks_of(Session&, UploadSetId id);
std::optional<ReceivedFile> file_named(Session&, UploadSetId id, const std::string& name);
/// Whether a file that was not refused, or a frame that was not taken away, has that id.
bool frame_id_is_taken(Session&, FrameId id);
/// Files of frames, many at once: received_at and size only.
struct FileFacts {
  UtcTime received_at{};
  std::int64_t size = 0;
};
std::map<FileId, FileFacts> facts_of_files(Session&, const std::vector<FileId>& files);
/// The account's earlier file with these bytes or this compressed scan data that was not refused.
std::optional<ReceivedFile> same_picture(Session&, AccountId account, const Sha256& content, const std::optional<std::string>& scan_hash);
void update_file(Session&, FileId id, FileState state, int frames, const std::optional<Refusal>& refusal);
/// Keeps what was left out of a file, in the place of what was noted before.
void note_parts(Session&, FileId id, const std::vector<Refusal>& notes);
/// Keeps what the receiver's signatures in a track say.
void note_signatures(Session&, FileId id, const std::string& log_state, const std::string& log_device);
struct FileCounts {
  int received = 0, decoded = 0, refused = 0;
  int broken = 0;   ///< of the refused: taken first, found broken when they were decoded
};
FileCounts file_counts(Session&, UploadSetId id);
/// Files of the set that no job is about to decode, though it is time: those that waited for the tracks of the set, and those that
/// were refused for lack of a time or a place before it held a track.
std::vector<ReceivedFile> files_left_to_decode(Session&, UploadSetId id);
/// Whether a file of the set is not decoded or refused yet. Costs the same however many files the set has.
bool any_file_in_work(Session&, UploadSetId id);

/// Whether any row names this private blob, as a file, a frame or a tile's rollup: what a sweep asks.
bool private_blob_is_wanted(Session&, const Sha256& content);

}  // namespace cairn::store
