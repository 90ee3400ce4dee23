#include "ingest/frame_encoder.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}
#include <turbojpeg.h>

#include <vector>

namespace cairn::ingest {
namespace {

constexpr int kQuality = 90;
constexpr int kExact = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT;

/// Cameras that don't say their colour matrix use BT.709 for high definition and BT.601 below, as players assume.
int matrix_of(const AVFrame& frame) {
  if (frame.colorspace == AVCOL_SPC_UNSPECIFIED) return frame.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  return frame.colorspace;
}

bool has_full_range(const AVFrame& frame) {
  const bool named_full = frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P ||
                          frame.format == AV_PIX_FMT_YUVJ444P;
  return named_full || frame.color_range == AVCOL_RANGE_JPEG;
}

struct FreeTurbo {
  void operator()(void* handle) const { tjDestroy(handle); }
};
struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

}  // namespace

struct FrameEncoder::State {
  std::unique_ptr<void, FreeTurbo> turbo{tjInitCompress()};
  std::unique_ptr<SwsContext, FreeScaler> scaler;
  std::vector<unsigned char> rgb;
  std::vector<unsigned char> jpeg;
  int width = 0, height = 0, format = -1;

  bool prepare(const AVFrame& frame);
};

bool FrameEncoder::State::prepare(const AVFrame& frame) {
  if (scaler && frame.width == width && frame.height == height && frame.format == format) return true;
  width = frame.width;
  height = frame.height;
  format = frame.format;
  scaler.reset(sws_getContext(width, height, static_cast<AVPixelFormat>(format), width, height, AV_PIX_FMT_RGB24, kExact,
                              nullptr, nullptr, nullptr));
  if (!scaler) return false;
  const auto* table = sws_getCoefficients(matrix_of(frame));
  sws_setColorspaceDetails(scaler.get(), table, has_full_range(frame) ? 1 : 0, table, 1, 0, 1 << 16, 1 << 16);
  rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  jpeg.resize(tjBufSize(width, height, TJSAMP_420));
  return true;
}

FrameEncoder::FrameEncoder() : state_{std::make_unique<State>()} {}
FrameEncoder::~FrameEncoder() = default;

std::optional<ByteView> FrameEncoder::jpeg_of(const AVFrame& frame) {
  if (!state_->turbo || !state_->prepare(frame)) return std::nullopt;
  unsigned char* const planes[] = {state_->rgb.data()};
  const int strides[] = {frame.width * 3};
  if (sws_scale(state_->scaler.get(), frame.data, frame.linesize, 0, frame.height, planes, strides) != frame.height) {
    return std::nullopt;
  }
  auto* target = state_->jpeg.data();
  unsigned long size = state_->jpeg.size();
  const int failed = tjCompress2(state_->turbo.get(), state_->rgb.data(), frame.width, 0, frame.height, TJPF_RGB, &target, &size,
                                 TJSAMP_420, kQuality, TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT);
  if (failed != 0) return std::nullopt;
  return std::as_bytes(std::span{state_->jpeg.data(), size});
}

}  // namespace cairn::ingest
