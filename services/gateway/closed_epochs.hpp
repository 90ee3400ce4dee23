#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cairn::rewards {
struct EpochResult;
}

namespace cairn::gateway {

/// Closed epochs, as their published bundles tell them. To work one out takes seconds and gigabytes where it is large, and it never
/// changes: one is worked out at a time, and the last one that was asked for is kept. Safe for several threads.
class ClosedEpochs {
 public:
  /// The folder with a folder for each bundle; it need not be there yet.
  explicit ClosedEpochs(std::filesystem::path bundles) : bundles_{std::move(bundles)} {}

  /// Names of those whose bundle is finished, in order.
  std::vector<std::string> names() const;

  /// Null when there is none of that name. Throws std::runtime_error when its bundle can't be read.
  std::shared_ptr<const rewards::EpochResult> find(const std::string& name);

 private:
  std::filesystem::path bundles_;
  std::mutex mutex_;
  std::string kept_name_;
  std::shared_ptr<const rewards::EpochResult> kept_;
};

}  // namespace cairn::gateway
