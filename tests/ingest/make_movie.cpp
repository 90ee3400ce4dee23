#include "tests/ingest/make_movie.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
}

#include <cstring>
#include <memory>
#include <stdexcept>

namespace cairn::testing {
namespace {

void must(bool holds, const char* what) {
  if (!holds) throw std::runtime_error{what};
}

AVCodecContext* open_encoder(const MovieToMake& movie) {
  const auto* codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  auto* encoder = avcodec_alloc_context3(codec);
  encoder->width = movie.width_px;
  encoder->height = movie.height_px;
  encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  encoder->time_base = {1, movie.frames_per_second};
  encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  must(avcodec_open2(encoder, codec, nullptr) >= 0, "no MPEG-4 encoder");
  return encoder;
}

void set_turn(AVStream& stream, int clockwise_deg) {
  if (clockwise_deg == 0) return;
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100)
  auto* data = av_packet_side_data_new(&stream.codecpar->coded_side_data, &stream.codecpar->nb_coded_side_data,
                                       AV_PKT_DATA_DISPLAYMATRIX, 36, 0)->data;
#else
  auto* data = av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, 36);
#endif
  av_display_rotation_set(reinterpret_cast<std::int32_t*>(data), clockwise_deg);
}

void write_packets(AVCodecContext* encoder, AVFormatContext* format, AVFrame* frame) {
  must(avcodec_send_frame(encoder, frame) >= 0, "a frame can't be coded");
  auto* packet = av_packet_alloc();
  while (avcodec_receive_packet(encoder, packet) >= 0) {
    packet->stream_index = 0;
    packet->duration = 1;
    av_packet_rescale_ts(packet, encoder->time_base, format->streams[0]->time_base);
    must(av_interleaved_write_frame(format, packet) >= 0, "a packet can't be written");
  }
  av_packet_free(&packet);
}

void write_video(const MovieToMake& movie, AVCodecContext* encoder, AVFormatContext* format) {
  auto* frame = av_frame_alloc();
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = movie.width_px;
  frame->height = movie.height_px;
  must(av_frame_get_buffer(frame, 0) >= 0, "no memory for a frame");
  for (int i = 0; i < static_cast<int>(movie.seconds * movie.frames_per_second); ++i) {
    must(av_frame_make_writable(frame) >= 0, "a frame is shared");
    std::memset(frame->data[0], 60 + i, static_cast<std::size_t>(frame->linesize[0]) * frame->height);
    for (const int plane : {1, 2}) std::memset(frame->data[plane], 128, static_cast<std::size_t>(frame->linesize[plane]) * frame->height / 2);
    frame->pts = movie.uneven ? i * (i + 1) / 2 : i;
    write_packets(encoder, format, frame);
  }
  write_packets(encoder, format, nullptr);
  av_frame_free(&frame);
}

void write_telemetry(const MovieToMake& movie, AVFormatContext* format) {
  for (std::size_t i = 0; i < movie.telemetry.size(); ++i) {
    auto* packet = av_packet_alloc();
    must(av_new_packet(packet, static_cast<int>(movie.telemetry[i].size())) >= 0, "no memory for a packet");
    std::memcpy(packet->data, movie.telemetry[i].data(), movie.telemetry[i].size());
    packet->stream_index = 1;
    packet->flags = AV_PKT_FLAG_KEY;
    packet->pts = packet->dts = static_cast<std::int64_t>(i) * 1000;
    packet->duration = 1000;
    av_packet_rescale_ts(packet, {1, 1000}, format->streams[1]->time_base);
    must(av_interleaved_write_frame(format, packet) >= 0, "a telemetry packet can't be written");
    av_packet_free(&packet);
  }
}

}  // namespace

Bytes make_movie(const MovieToMake& movie) {
  AVFormatContext* format = nullptr;
  must(avformat_alloc_output_context2(&format, nullptr, "mp4", nullptr) >= 0, "no MP4 writer");
  auto* encoder = open_encoder(movie);
  auto* video = avformat_new_stream(format, nullptr);
  must(avcodec_parameters_from_context(video->codecpar, encoder) >= 0, "no parameters");
  video->time_base = encoder->time_base;
  set_turn(*video, movie.turned_deg);
  if (!movie.telemetry.empty()) {
    auto* data = avformat_new_stream(format, nullptr);
    data->codecpar->codec_type = AVMEDIA_TYPE_DATA;
    data->codecpar->codec_id = AV_CODEC_ID_BIN_DATA;
    const auto* tag = movie.telemetry_tag.data();
    data->codecpar->codec_tag = MKTAG(tag[0], tag[1], tag[2], tag[3]);
    data->time_base = {1, 1000};
  }
  if (!movie.created_at.empty()) av_dict_set(&format->metadata, "creation_time", movie.created_at.c_str(), 0);
  must(avio_open_dyn_buf(&format->pb) >= 0, "no memory");
  must(avformat_write_header(format, nullptr) >= 0, "the header can't be written");
  write_video(movie, encoder, format);
  write_telemetry(movie, format);
  must(av_write_trailer(format) >= 0, "the trailer can't be written");
  std::uint8_t* buffer = nullptr;
  const int size = avio_close_dyn_buf(format->pb, &buffer);
  const auto* first = reinterpret_cast<const std::byte*>(buffer);
  Bytes bytes{first, first + size};
  av_free(buffer);
  avcodec_free_context(&encoder);
  avformat_free_context(format);
  return bytes;
}

}  // namespace cairn::testing
