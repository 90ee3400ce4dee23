#include "ingest/telemetry/movie_parts.hpp"

#include "ingest/telemetry/byte_order.hpp"

#include <algorithm>

namespace cairn::ingest {

std::optional<Box> BoxReader::next() {
  if (rest_.size() < 8) return std::nullopt;
  std::uint64_t size = big_endian_at<std::uint32_t>(rest_, 0);
  std::size_t header = 8;
  if (size == 1 && rest_.size() >= 16) {
    size = big_endian_at<std::uint64_t>(rest_, 8);
    header = 16;
  } else if (size == 0) {
    size = rest_.size();
  }
  if (size < header) return std::nullopt;
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(size, rest_.size()));
  const Box box{text_of(rest_.subspan(4, 4)), rest_.subspan(header, length - header)};
  rest_ = rest_.subspan(length);
  return box;
}

std::optional<ByteView> box_at(ByteView bytes, std::string_view path) {
  BoxReader boxes{bytes};
  while (const auto box = boxes.next()) {
    if (box->type != path.substr(0, 4)) continue;
    if (path.size() <= 4) return box->content;
    if (const auto inner = box_at(box->content, path.substr(5))) return inner;
  }
  return std::nullopt;
}

bool MovieParts::has_stream(StreamTags tags) const {
  return std::ranges::any_of(stream_tags, [&](const auto& tag) { return std::ranges::find(tags, tag) != tags.end(); });
}

Bytes MovieParts::first_packet(StreamTags tags) const {
  Bytes first;
  if (!has_stream(tags)) return first;
  read_packets(tags, [&](ByteView packet, double, double) {
    first.assign(packet.begin(), packet.end());
    return false;
  });
  return first;
}

MovieParts parts_of(ByteView bytes, const std::optional<MovieInfo>& info, UtcTime received_at) {
  MovieParts parts{.bytes = bytes, .about = received_at, .duration_s = 0, .stream_tags = {}, .read_packets = nullptr};
  // A movie is read through once, so each reading opens it anew.
  parts.read_packets = [bytes](StreamTags tags, const PacketUser& use) {
    if (auto movie = Mp4File::open(bytes)) movie->read_packets(tags, use);
  };
  if (!info) return parts;
  parts.about = info->created_at.value_or(received_at);
  parts.duration_s = info->duration_s;
  parts.stream_tags = info->stream_tags;
  return parts;
}

}  // namespace cairn::ingest
