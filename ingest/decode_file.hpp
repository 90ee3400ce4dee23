#pragma once
// The door of the ingest room: one received file -> frames with time and place, and the track it holds.

#include "core/bytes.hpp"
#include "core/capture.hpp"
#include "core/reason.hpp"
#include "ingest/telemetry/track_file.hpp"
#include "ingest/ublox_sign.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::ingest {

enum class FileKind { picture, video, track };

/// What a file is, by its first bytes (never by its name). Nothing when Cairn reads no such format.
std::optional<FileKind> kind_of(ByteView head);

/// Of a file that Cairn does not read: what it seems to be and what to send instead; empty when it is not known.
std::string advice_about(ByteView head);

/// Values that the sender states instead of what the file says.
struct Overrides {
  std::optional<UtcTime> taken_at;
  std::optional<LatLon> place;
  std::optional<double> heading_deg;
};

struct FileToDecode {
  std::string name;              ///< as sent; shown in messages only
  ByteView bytes;
  AccountId account;
  Sha256 content;                ///< SHA-256 of `bytes`; frames are named after it
  UtcTime received_at{};         ///< the judge of "in the future"
  Overrides overrides;
  std::vector<Track> sidecars;   ///< tracks that were sent with the file; used where the file has none of its own
  bool awaits_tracks = false;    ///< more of them may come: a file that depends on them is left for later
  // What ingest/sidecar.hpp learns from them:
  std::optional<UtcTime> began_at = {};             ///< when this video began, where a track names it
  std::optional<UtcTime> own_track_began_at = {};   ///< the first fix of the track with the file's own name
  std::vector<BundledFrame> bundled = {};           ///< where the file is a bundle of pictures: its parts, and
  std::string bundle_model = {};                    ///< its camera
  std::vector<Bytes> receiver_keys = {};            ///< for a track: of receivers that may have signed it
};

struct DecodeRules {
  double video_step_m = 3;                       ///< a frame is taken from a video every so many metres driven
  std::int64_t most_pixels = 64'000'000;         ///< decode cap (faults list)
  std::int64_t least_pixels = 100'000;           ///< smaller pictures show nothing
  int most_frames_per_video = 20'000;            ///< one hour at 20 m/s every 3 m is 24,000: longer files are cut there
  std::chrono::seconds clock_skew{24 * 3600};    ///< a capture may lie this far ahead of its arrival: time zones of naive clocks
};

/// Receives each frame as it is decoded: its claims and its JPEG, valid during the call only. For a JPEG file the bytes
/// are the file itself.
using FrameSink = std::function<void(const Capture&, ByteView jpeg)>;

struct DecodeReport {
  FileKind kind = FileKind::picture;
  std::string_view format;               ///< of the track or the telemetry: "GPX"; empty where there is none
  bool waits = false;                    ///< for the tracks that may still come: nothing was decoded
  int frames = 0;
  Track track;                           ///< of a track file or a video's telemetry, in the order of time
  std::optional<Refusal> refusal;        ///< set when a picture or video gave no frame, or a track file no track
  std::vector<Refusal> notes;            ///< parts that were left out, each with its reason ("telemetry covers 12.0 s of 20.0 s")
  LogState log = LogState::unsigned_;    ///< of a track file: what its receiver's signatures say
  std::optional<std::size_t> log_key;    ///< which of the receiver_keys made them
};

/// Reads a whole file of any supported kind. Never throws for what a file contains.
DecodeReport decode_file(const FileToDecode&, const DecodeRules&, const FrameSink&);

/// What a picture claims, from its metadata alone (no pixel is decoded): what an upload answers at once. Place and time are
/// checked for sense; sidecars fill what is missing. Cost: about 0.1 ms, and 0.4 ms for each MB.
std::variant<Capture, Refusal> read_picture(const FileToDecode&, const DecodeRules&);

/// Whether a track can give a picture what it lacks: the refusal without one says so, or it is a bundle that needs its index.
bool depends_on_tracks(ByteView picture, const std::optional<Refusal>& without);

/// Reads a track of any format in ingest/telemetry.
std::variant<TrackFile, Refusal> read_track(ByteView bytes, UtcTime received_at);
/// The same of a log whose signatures were checked: refused when it was altered; fixes that stand in bytes which a known receiver
/// signed are marked, and count where others claim the same instant.
std::variant<TrackFile, Refusal> read_track(ByteView bytes, UtcTime received_at, const UbloxSignatures& signatures);

/// XXH3 (128 bits, as 32 hexadecimal digits) over the compressed scan data of a JPEG (entropy-coded segments with their tables and
/// frame header, no APPn or COM), so that the same picture is recognised after its metadata was rewritten. Nothing when the bytes
/// are no JPEG. Whoever forges a collision only gets a picture of their own refused: it guards nothing, and costs a tenth of SHA-256.
std::optional<std::string> scan_hash_of(ByteView jpeg);

}  // namespace cairn::ingest
