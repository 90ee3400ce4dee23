#include "ingest/mp4_file.hpp"

#include "ingest/text_clean.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/spherical.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace cairn::ingest {
namespace {

constexpr int kIoBuffer = 1 << 16;
constexpr int kMostStreams = 64;
constexpr int kMostBrokenPackets = 100;  ///< a stream with more is no video

template <auto Free>
struct FreeByAddress {
  template <class T>
  void operator()(T* thing) const { Free(&thing); }
};
using Packet = std::unique_ptr<AVPacket, FreeByAddress<&av_packet_free>>;
using Frame = std::unique_ptr<AVFrame, FreeByAddress<&av_frame_free>>;
using Decoder = std::unique_ptr<AVCodecContext, FreeByAddress<&avcodec_free_context>>;
using Format = std::unique_ptr<AVFormatContext, FreeByAddress<&avformat_close_input>>;

struct FreeIo {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};

struct Memory {
  ByteView bytes;
  std::int64_t at = 0;
};

int read_memory(void* opaque, std::uint8_t* target, int wanted) {
  auto& memory = *static_cast<Memory*>(opaque);
  const auto left = static_cast<std::int64_t>(memory.bytes.size()) - memory.at;
  if (left <= 0) return AVERROR_EOF;
  const auto count = static_cast<int>(std::min<std::int64_t>(left, wanted));
  std::memcpy(target, memory.bytes.data() + memory.at, static_cast<std::size_t>(count));
  memory.at += count;
  return count;
}

std::int64_t seek_memory(void* opaque, std::int64_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(opaque);
  const auto size = static_cast<std::int64_t>(memory.bytes.size());
  whence &= ~AVSEEK_FORCE;
  if (whence == AVSEEK_SIZE) return size;
  if (whence == SEEK_CUR) offset += memory.at;
  if (whence == SEEK_END) offset += size;
  if (offset < 0 || offset > size) return AVERROR(EINVAL);
  return memory.at = offset;
}

/// Movies may name other files or addresses: none is opened.
int refuse_to_open(AVFormatContext*, AVIOContext** io, const char*, int, AVDictionary**) {
  *io = nullptr;
  return AVERROR(EACCES);
}

std::string tag_of(AVDictionary* tags, const char* key) {
  const auto* entry = av_dict_get(tags, key, nullptr, 0);
  return entry ? clean_text(entry->value, 64) : std::string{};
}

const std::uint8_t* side_data_of(const AVStream& stream, AVPacketSideDataType type, std::size_t least) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100)
  const auto* found = av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
  return found && found->size >= least ? found->data : nullptr;
#else
  std::size_t size = 0;
  const auto* data = av_stream_get_side_data(&stream, type, &size);
  return size >= least ? data : nullptr;
#endif
}

int orientation_of(const AVStream& stream) {
  const auto* data = side_data_of(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
  if (!data) return 1;
  std::array<std::int32_t, 9> matrix{};
  std::memcpy(matrix.data(), data, sizeof(matrix));
  const double counter_clockwise_deg = av_display_rotation_get(matrix.data());
  if (!std::isfinite(counter_clockwise_deg)) return 1;
  switch ((static_cast<int>(std::lround(counter_clockwise_deg / 90)) + 4) % 4) {
    case 1: return 8;
    case 2: return 3;
    case 3: return 6;
    default: return 1;
  }
}

Projection projection_of(const AVStream& stream) {
  const auto* data = side_data_of(stream, AV_PKT_DATA_SPHERICAL, sizeof(AVSphericalMapping));
  if (!data) return Projection::flat;
  const auto kind = reinterpret_cast<const AVSphericalMapping*>(data)->projection;
  return kind == AV_SPHERICAL_EQUIRECTANGULAR ? Projection::equirectangular : Projection::flat;
}

/// Decoders that are let at strangers' bytes; each more is more to attack.
bool is_decoded_here(AVCodecID id) {
  return id == AV_CODEC_ID_H264 || id == AV_CODEC_ID_HEVC || id == AV_CODEC_ID_MPEG4 || id == AV_CODEC_ID_MJPEG;
}

std::string tag_of(const AVCodecParameters& stream) {
  std::string tag;
  for (int i = 0; i < 4; ++i) tag += static_cast<char>(stream.codec_tag >> (8 * i) & 0xFF);
  return tag;
}

/// Whether a stream is neither pictures nor sound. Sound is never read, whatever its tag says.
bool is_data(const AVCodecParameters& stream) {
  return stream.codec_type != AVMEDIA_TYPE_VIDEO && stream.codec_type != AVMEDIA_TYPE_AUDIO;
}

double seconds_of(std::int64_t ticks, AVRational base) {
  return base.den == 0 ? 0 : static_cast<double>(ticks) * base.num / base.den;
}

}  // namespace

struct Mp4File::State {
  Memory memory;
  std::unique_ptr<AVIOContext, FreeIo> io;
  Format format;
  AVStream* video = nullptr;
  MovieInfo info;

  void read_info();
  void keep_only(const AVStream& kept) {
    for (unsigned i = 0; i < format->nb_streams; ++i) {
      format->streams[i]->discard = format->streams[i] == &kept ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
  }
};

void Mp4File::State::read_info() {
  const auto created = tag_of(format->metadata, "creation_time");
  info.created_at = time_from_iso8601(created);
  info.make = tag_of(format->metadata, "com.apple.quicktime.make");
  info.model = tag_of(format->metadata, "com.apple.quicktime.model");
  if (format->duration > 0) info.duration_s = static_cast<double>(format->duration) / AV_TIME_BASE;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    auto* stream = format->streams[i];
    info.stream_tags.push_back(tag_of(*stream->codecpar));
    const bool is_cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    if (!video && stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_cover) video = stream;
  }
  if (!video) return;
  info.has_video = true;
  info.can_decode = is_decoded_here(video->codecpar->codec_id);
  info.width_px = video->codecpar->width;
  info.height_px = video->codecpar->height;
  info.orientation = orientation_of(*video);
  info.projection = projection_of(*video);
}

Mp4File::Mp4File(std::unique_ptr<State> state) : state_{std::move(state)} {}
Mp4File::Mp4File(Mp4File&&) noexcept = default;
Mp4File& Mp4File::operator=(Mp4File&&) noexcept = default;
Mp4File::~Mp4File() = default;

const MovieInfo& Mp4File::info() const { return state_->info; }

std::optional<Mp4File> Mp4File::open(ByteView bytes) {
  av_log_set_level(AV_LOG_QUIET);
  auto state = std::make_unique<State>();
  state->memory.bytes = bytes;
  auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBuffer));
  if (!buffer) throw std::bad_alloc{};
  state->io.reset(avio_alloc_context(buffer, kIoBuffer, 0, &state->memory, read_memory, nullptr, seek_memory));
  auto* context = avformat_alloc_context();
  if (!state->io || !context) throw std::bad_alloc{};
  context->pb = state->io.get();
  context->flags |= AVFMT_FLAG_CUSTOM_IO;
  context->io_open = refuse_to_open;
  context->max_streams = kMostStreams;
  const auto* container = av_find_input_format("mov");
  if (avformat_open_input(&context, "", container, nullptr) < 0) return std::nullopt;  // frees the context itself
  state->format.reset(context);
  state->read_info();
  return Mp4File{std::move(state)};
}

void Mp4File::read_packets(std::initializer_list<std::string_view> tags, const PacketUser& use) {
  auto& format = *state_->format;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const auto& parameters = *format.streams[i]->codecpar;
    const bool wanted = is_data(parameters) && std::ranges::find(tags, tag_of(parameters)) != tags.end();
    format.streams[i]->discard = wanted ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
  const Packet packet{av_packet_alloc()};
  for (bool more = true; more && av_read_frame(&format, packet.get()) >= 0;) {
    const auto& stream = *format.streams[packet->stream_index];
    if (stream.discard != AVDISCARD_ALL && packet->pts != AV_NOPTS_VALUE && packet->size > 0) {
      more = use(std::as_bytes(std::span{packet->data, static_cast<std::size_t>(packet->size)}),
                 seconds_of(packet->pts, stream.time_base), seconds_of(std::max<std::int64_t>(0, packet->duration), stream.time_base));
    }
    av_packet_unref(packet.get());
  }
}

DecodeEnd Mp4File::decode_video(std::int64_t most_pixels, const FrameUser& use) {
  const auto* codec = state_->info.can_decode ? avcodec_find_decoder(state_->video->codecpar->codec_id) : nullptr;
  const Decoder decoder{codec ? avcodec_alloc_context3(codec) : nullptr};
  if (!decoder || avcodec_parameters_to_context(decoder.get(), state_->video->codecpar) < 0) return DecodeEnd::broken;
  decoder->thread_count = 1;
  decoder->flags |= AV_CODEC_FLAG_BITEXACT;
  decoder->max_pixels = most_pixels;
  if (avcodec_open2(decoder.get(), codec, nullptr) < 0) return DecodeEnd::broken;
  state_->keep_only(*state_->video);

  const Packet packet{av_packet_alloc()};
  const Frame frame{av_frame_alloc()};
  int broken = 0;
  for (bool more = true; more && broken <= kMostBrokenPackets;) {
    more = av_read_frame(state_->format.get(), packet.get()) >= 0;
    if (more && packet->stream_index != state_->video->index) {
      av_packet_unref(packet.get());
      continue;
    }
    if (avcodec_send_packet(decoder.get(), more ? packet.get() : nullptr) < 0) ++broken;
    av_packet_unref(packet.get());
    while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0) {
      const auto ticks = frame->best_effort_timestamp;
      const bool usable = ticks != AV_NOPTS_VALUE && (frame->flags & AV_FRAME_FLAG_CORRUPT) == 0;
      const auto at_s = seconds_of(ticks, state_->video->time_base);
      if (usable && !use({*frame, frame->width, frame->height, at_s})) return DecodeEnd::stopped;
      av_frame_unref(frame.get());
    }
  }
  return broken > 0 ? DecodeEnd::broken : DecodeEnd::complete;
}

}  // namespace cairn::ingest
