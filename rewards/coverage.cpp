// One cell and octant at a time, frames in the order of capture: a frame either joins a pass of its contributor or opens one.
// The pass takes the need of its first frame and the quality and trust of its best. Then the caps, the contributor's first.
#include "rewards/coverage.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <unordered_map>

namespace cairn::rewards {
namespace {

using Row = CanonicalInput::Row;
using std::chrono::microseconds;

std::uint64_t worth_of(const Line& line) { return std::uint64_t{line.quality_ppm} * line.trust_ppm; }

struct Pass {
  std::size_t first = 0;  ///< position of its first frame among the lines
  std::size_t best = 0;
};

struct AddressHash {
  std::size_t operator()(const Address& address) const {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
  }
};

/// The lines of one cell and octant, in the order of capture.
class CellWork {
 public:
  CellWork(const Policy& policy, std::optional<UtcTime> visit_before, std::vector<Pass>& passes)
      : policy_{policy}, before_{visit_before}, latest_{visit_before}, passes_{passes} {}

  void add(std::size_t position, std::vector<Line>& lines) {
    auto& line = lines[position];
    line.need_ppm = need_at(line.taken_at);
    if (worth_of(line) == 0) return;  // it earns nothing and is no visit, so it takes nobody's need
    const auto known = open_.find(line.account);
    if (known != open_.end() && line.taken_at - lines[passes_[known->second].first].taken_at < policy_.pass) {
      auto& pass = passes_[known->second];
      line.need_ppm = lines[pass.first].need_ppm;
      if (worth_of(line) > worth_of(lines[pass.best])) pass.best = position;
    } else {
      open_[line.account] = passes_.size();
      passes_.push_back({position, position});
    }
    pass_of_line_.emplace_back(position, open_[line.account]);
    in_epoch_ = line.taken_at;
    latest_ = std::max(latest_.value_or(line.taken_at), line.taken_at);
  }

  /// Gives every pass its weight and tells the other frames whose unit they share.
  void finish(std::vector<Line>& lines) const {
    for (const auto& [position, pass] : pass_of_line_) {
      auto& line = lines[position];
      const auto best = passes_[pass].best;
      if (position == best) line.weight_ppm = weight_of(line.need_ppm, line.quality_ppm, line.trust_ppm);
      if (position != best) line.shares_unit_of = lines[best].frame;
    }
  }

  std::optional<UtcTime> latest() const { return latest_; }

 private:
  /// Late work can lie before the last visit; what counts is how far the nearest one is.
  Ppm need_at(UtcTime at) const {
    Ppm need = kWhole;
    if (before_) need = need_after(std::chrono::abs(at - *before_), policy_.need_horizon);
    if (in_epoch_) need = std::min(need, need_after(at - *in_epoch_, policy_.need_horizon));
    return need;
  }

  const Policy& policy_;
  std::optional<UtcTime> before_;
  std::optional<UtcTime> in_epoch_;
  std::optional<UtcTime> latest_;
  std::vector<Pass>& passes_;
  std::unordered_map<Address, std::size_t, AddressHash> open_;  // looked up, never walked
  std::vector<std::pair<std::size_t, std::size_t>> pass_of_line_;
};

/// Cuts weights so that each group of one day keeps at most `most`; within it the earlier pass is served first.
template <class GroupOf>
void apply_cap(std::vector<Line>& lines, std::vector<Pass>& passes, Weight most, GroupOf group_of) {
  const auto key_of = [&](const Pass& pass) {
    const auto& first = lines[pass.first];
    return std::tuple{group_of(first), std::chrono::floor<std::chrono::days>(first.taken_at), first.taken_at, first.frame};
  };
  std::ranges::sort(passes, {}, key_of);
  Weight left = 0;
  for (std::size_t i = 0; i < passes.size(); ++i) {
    const auto same_group = [&] {
      const auto before = key_of(passes[i - 1]), here = key_of(passes[i]);
      return std::get<0>(before) == std::get<0>(here) && std::get<1>(before) == std::get<1>(here);
    };
    if (i == 0 || !same_group()) left = most;
    auto& line = lines[passes[i].best];
    const auto kept = static_cast<Ppm>(std::min<Weight>(line.weight_ppm, left));
    line.capped_ppm += line.weight_ppm - kept;
    line.weight_ppm = kept;
    left -= kept;
  }
}

std::optional<UtcTime> visit_of(const std::vector<LastVisit>& sorted, const CellOctant& where) {
  const auto found = std::ranges::lower_bound(sorted, where, {}, &LastVisit::where);
  if (found == sorted.end() || found->where != where) return std::nullopt;
  return found->at;
}

}  // namespace

Ppm need_after(microseconds away, std::chrono::hours horizon) {
  const microseconds full{horizon};
  if (away >= full) return kWhole;
  return static_cast<Ppm>(Wide{static_cast<std::uint64_t>(away.count())} * kWhole / static_cast<std::uint64_t>(full.count()));
}

Ppm weight_of(Ppm need, Ppm quality, Ppm trust) {
  return static_cast<Ppm>(std::uint64_t{need} * quality * trust / (std::uint64_t{kWhole} * kWhole));
}

CoverageWork weigh_coverage(const CanonicalInput& input) {
  CoverageWork work;
  work.lines.reserve(input.rows.size());
  for (const auto& row : input.rows) {
    work.lines.push_back({row.frame, row.account, row.where, row.taken_at, 0, row.quality_ppm, row.trust_ppm, 0, 0, {}});
  }

  std::vector<Pass> passes;
  for (std::size_t begin = 0; begin < work.lines.size();) {
    const auto where = work.lines[begin].where;
    CellWork cell{input.policy, visit_of(input.visits, where), passes};
    std::size_t end = begin;
    for (; end < work.lines.size() && work.lines[end].where == where; ++end) cell.add(end, work.lines);
    cell.finish(work.lines);
    if (const auto latest = cell.latest()) work.visits.push_back({where, *latest});
    begin = end;
  }

  const auto ppm = [](std::int64_t units) { return static_cast<Weight>(units) * kWhole; };
  apply_cap(work.lines, passes, ppm(input.policy.contributor_day_units), [](const Line& line) { return line.account; });
  apply_cap(work.lines, passes, ppm(input.policy.cell_day_units), [](const Line& line) { return line.where; });
  std::ranges::sort(work.lines, {}, [](const Line& line) { return std::pair{line.taken_at, line.frame}; });
  return work;
}

}  // namespace cairn::rewards
