#pragma once

#include <sys/resource.h>

#include <csignal>

namespace cairn::testing {

/// While it lives no file of this process grows beyond so many bytes: writes fail as on a full disk, with another errno.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t most_bytes) : previous_{std::signal(SIGXFSZ, SIG_IGN)} {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{most_bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, previous_);
  }
  SmallFiles(const SmallFiles&) = delete;

 private:
  void (*previous_)(int);
  rlimit before_{};
};

}  // namespace cairn::testing
