#pragma once
// A movie in memory: its streams, packets and decoded pictures, by libavformat and libavcodec. Nothing is read but the given
// bytes: references to other files are refused, and sound is never touched.

#include "core/bytes.hpp"
#include "core/capture.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct AVFrame;

namespace cairn::ingest {

struct MovieInfo {
  std::optional<UtcTime> created_at;   ///< as the movie header states it
  std::string make;
  std::string model;
  bool has_video = false;
  bool can_decode = false;             ///< its coding is one that is decoded here
  int width_px = 0;                    ///< 0 where only the decoder knows
  int height_px = 0;
  int orientation = 1;                 ///< EXIF's number for the turn that the movie asks for
  Projection projection = Projection::flat;
  double duration_s = 0;               ///< 0: unknown
  std::vector<std::string> stream_tags;  ///< four letters of each stream: "avc1", "gpmd"
};

/// Takes a packet with its time and duration in seconds; false ends the reading.
using PacketUser = std::function<bool(ByteView packet, double at_s, double duration_s)>;

/// A decoded picture, valid until the next one.
struct MoviePicture {
  const AVFrame& frame;
  int width_px = 0;
  int height_px = 0;
  double at_s = 0;
};

/// What stopped the decoding of a video.
enum class DecodeEnd { complete, stopped, broken };

class Mp4File {
 public:
  /// Nothing when the bytes hold no readable movie header. The bytes must outlive the file.
  static std::optional<Mp4File> open(ByteView bytes);
  Mp4File(Mp4File&&) noexcept;
  Mp4File& operator=(Mp4File&&) noexcept;
  ~Mp4File();

  const MovieInfo& info() const;

  /// Every packet of the data streams with one of these tags. A file is read through once: by this or by decode_video.
  void read_packets(std::initializer_list<std::string_view> tags, const PacketUser&);

  /// Every picture of the video in the order of showing, until the user returns false. One thread, so that results are the
  /// same everywhere.
  using FrameUser = std::function<bool(const MoviePicture&)>;
  DecodeEnd decode_video(std::int64_t most_pixels, const FrameUser&);

 private:
  struct State;
  explicit Mp4File(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace cairn::ingest
