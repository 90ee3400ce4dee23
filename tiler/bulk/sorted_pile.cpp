#include "tiler/bulk/sorted_pile.hpp"

#include "tiler/buffer.hpp"
#include "tiler/bulk/mapped_file.hpp"

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <algorithm>
#include <cstring>
#include <queue>

namespace cairn::tiler::bulk {
namespace {

/// What stands before each record.
struct Head {
  std::uint64_t key;
  std::uint64_t size;
};
constexpr std::size_t kRecordsPerMark = 1024;

Head head_at(const char* place) {
  Head head;
  std::memcpy(&head, place, sizeof head);
  return head;
}

/// The bits of a key by which spreadsort puts entries into its bins.
struct HigherKey {
  template <class Entry>
  std::uint64_t operator()(const Entry& entry, unsigned shift) const { return entry.key >> shift; }
};

}  // namespace

SortedPile::SortedPile(std::filesystem::path target, std::size_t memory)
    : target_{std::move(target)}, memory_{memory}, arena_{std::make_unique_for_overwrite<char[]>(memory)} {}
SortedPile::~SortedPile() = default;
SortedPile::SortedPile(SortedPile&&) noexcept = default;

void SortedPile::add(std::uint64_t key, std::string_view record) {
  const auto needed = sizeof(Head) + record.size();
  if (used_ + needed + (entries_.size() + 1) * sizeof(Entry) > memory_ && !entries_.empty()) spill();
  const Head head{key, record.size()};
  std::memcpy(arena_.get() + used_, &head, sizeof head);
  std::memcpy(arena_.get() + used_ + sizeof head, record.data(), record.size());
  entries_.push_back({key, used_});
  used_ += needed;
}

void SortedPile::sort_entries() {
  boost::sort::spreadsort::integer_sort(entries_.begin(), entries_.end(), HigherKey{}, [](const Entry& a, const Entry& b) { return a.key < b.key; });
  // Equal keys come out in any order: where their records lie in the arena decides between them, so they keep the one in which they came.
  for (auto first = entries_.begin(); first != entries_.end();) {
    auto end = first + 1;
    while (end != entries_.end() && end->key == first->key) ++end;
    if (end - first > 1) std::sort(first, end, [](const Entry& a, const Entry& b) { return a.offset < b.offset; });
    first = end;
  }
}

template <class Take>
void SortedPile::in_order(Take take) {
  sort_entries();
  for (const auto& entry : entries_) {
    const char* place = arena_.get() + entry.offset;
    take(std::string_view{place, sizeof(Head) + head_at(place).size});
  }
}

void SortedPile::spill() {
  const TemporaryPath place{target_, "run"};
  AppendFile file{place.path()};
  in_order([&](std::string_view record) { file.append(bytes_of(record)); });
  file.flush();
  runs_.push_back(std::make_unique<MappedFile>(place.path(), 0));
  entries_.clear();
  used_ = 0;
}

void SortedPile::sort() {
  if (!runs_.empty()) {
    spill();
    arena_.reset();
    entries_ = {};
    merge_runs();
    return;
  }
  sorted_in_memory_ = std::make_unique_for_overwrite<char[]>(used_ + kSlack);
  char* to = sorted_in_memory_.get();
  in_order([&](std::string_view record) {
    std::memcpy(to, record.data(), record.size());
    to += record.size();
  });
  arena_.reset();
  entries_ = {};
  use({sorted_in_memory_.get(), used_});
}

void SortedPile::merge_runs() {
  struct Open {
    std::uint64_t key;
    std::size_t run;
    bool operator<(const Open& other) const { return std::pair{key, run} > std::pair{other.key, other.run}; }
  };
  std::vector<std::string_view> rest;
  std::priority_queue<Open> open;
  for (const auto& run : runs_) {
    rest.push_back(run->text());
    open.push({head_at(rest.back().data()).key, rest.size() - 1});
  }
  const TemporaryPath place{target_, "sorted"};
  AppendFile file{place.path()};
  while (!open.empty()) {
    const auto run = open.top().run;
    open.pop();
    auto& text = rest[run];
    const auto size = sizeof(Head) + head_at(text.data()).size;
    file.append(bytes_of(text.substr(0, size)));
    text.remove_prefix(size);
    if (!text.empty()) open.push({head_at(text.data()).key, run});
  }
  file.flush();
  runs_.clear();
  merged_ = std::make_unique<MappedFile>(place.path(), kSlack);
  use(merged_->text());
}

void SortedPile::use(std::string_view sorted) {
  sorted_ = sorted;
  std::size_t record = 0;
  for (std::size_t offset = 0; offset < sorted.size(); ++record) {
    const auto head = head_at(sorted.data() + offset);
    if (record % kRecordsPerMark == 0) marks_.push_back({head.key, offset});
    offset += sizeof head + head.size;
  }
}

void SortedPile::Walk::read() {
  if (at_ == end_) return;
  const auto head = head_at(at_);
  record_ = {head.key, {at_ + sizeof head, head.size}};
  next_ = at_ + sizeof head + head.size;
}

void SortedPile::Walk::operator++() {
  at_ = next_;
  read();
}

SortedPile::Walk SortedPile::from(std::uint64_t key) const {
  Walk walk;
  walk.end_ = sorted_.data() + sorted_.size();
  // The last mark before the key: records of the key may follow it.
  const auto mark = std::ranges::lower_bound(marks_, key, {}, &Mark::key);
  walk.at_ = sorted_.data() + (mark == marks_.begin() ? 0 : std::prev(mark)->offset);
  walk.read();
  while (!walk.at_end() && walk->key < key) ++walk;
  return walk;
}

std::vector<std::uint64_t> SortedPile::marks() const {
  std::vector<std::uint64_t> keys;
  for (const auto& mark : marks_) keys.push_back(mark.key);
  return keys;
}

}  // namespace cairn::tiler::bulk
