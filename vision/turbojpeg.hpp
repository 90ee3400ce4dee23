#pragma once
// TurboJPEG's handles and buffers with an owner.

#include <turbojpeg.h>

#include <memory>

namespace cairn::vision {

struct TurboCloser {
  void operator()(void* handle) const { tjDestroy(handle); }
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};
using Turbo = std::unique_ptr<void, TurboCloser>;
using TurboBytes = std::unique_ptr<unsigned char, TurboCloser>;

}  // namespace cairn::vision
