#pragma once

#include "core/bytes.hpp"

#include <memory>
#include <optional>

struct AVFrame;

namespace cairn::ingest {

/// Turns decoded video pictures into JPEGs (quality 90, 4:2:0). The same picture gives the same bytes on every machine with the
/// same libraries: conversion and coding use the exact integer paths, one thread. One encoder serves one video.
class FrameEncoder {
 public:
  FrameEncoder();
  ~FrameEncoder();
  /// Valid until the next call. Nothing when the picture's pixel format can't be converted.
  std::optional<ByteView> jpeg_of(const AVFrame& frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::ingest
