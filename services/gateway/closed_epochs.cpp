#include "services/gateway/closed_epochs.hpp"

#include "rewards/bundle.hpp"

#include <algorithm>
#include <stdexcept>

namespace cairn::gateway {

namespace fs = std::filesystem;

std::vector<std::string> ClosedEpochs::names() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry{bundles_, error}, end; !error && entry != end; entry.increment(error)) {
    if (fs::exists(entry->path() / "manifest.json", error)) names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::shared_ptr<const rewards::EpochResult> ClosedEpochs::find(const std::string& name) {
  const auto closed = names();  // and not the file system: a name from outside opens no path
  if (!std::ranges::binary_search(closed, name)) return nullptr;
  const std::lock_guard lock{mutex_};
  if (kept_ && kept_name_ == name) return kept_;
  kept_.reset();
  auto outcome = rewards::result_from_bundle(bundles_ / name);
  if (const auto* refusal = std::get_if<rewards::EpochRefusal>(&outcome))
    throw std::runtime_error{"the bundle of epoch " + name + " is damaged (cairn rewards verify says more): " + (refusal->problems.empty() ? "" : refusal->problems.front())};
  kept_ = std::make_shared<const rewards::EpochResult>(std::get<rewards::EpochResult>(std::move(outcome)));
  kept_name_ = name;
  return kept_;
}

}  // namespace cairn::gateway
