#pragma once
// What a movie offers beside its pictures: boxes, streams of data, and what its header says.

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "ingest/mp4_file.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::ingest {

/// A box (atom) of an ISO or QuickTime movie.
struct Box {
  std::string_view type;   ///< four letters
  ByteView content;        ///< cut at the end of its parent
};

/// Takes boxes off the front of some bytes. Sizes of 64 bits and "to the end" are read; a size that can't be ends the reading.
class BoxReader {
 public:
  explicit BoxReader(ByteView bytes) : rest_{bytes} {}
  std::optional<Box> next();

 private:
  ByteView rest_;
};

/// The content of the first box at a path of types, "moov/udat/abcd"; boxes of one type are searched one after the other.
std::optional<ByteView> box_at(ByteView bytes, std::string_view path);

using StreamTags = std::initializer_list<std::string_view>;

struct MovieParts {
  ByteView bytes;                          ///< the whole file
  UtcTime about{};                         ///< roughly when it was made: what its header says, or else its arrival
  double duration_s = 0;                   ///< 0: unknown
  std::vector<std::string> stream_tags;    ///< "gpmd", "tx3g"; none where the header can't be read
  /// Every packet of all streams with one of these tags.
  std::function<void(StreamTags, const PacketUser&)> read_packets;

  bool has_stream(StreamTags tags) const;
  /// Empty where there is none.
  Bytes first_packet(StreamTags tags) const;
};

/// The parts of a file; `info` is nothing where its header can't be read.
MovieParts parts_of(ByteView bytes, const std::optional<MovieInfo>& info, UtcTime received_at);

}  // namespace cairn::ingest
