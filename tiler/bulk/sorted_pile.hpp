#pragma once
// Records sorted by key, in memory as long as they fit and else through files beside the target: external merge sort (Knuth, TAOCP 3, 5.4).

#include "tiler/archive/file_writer.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace cairn::tiler::bulk {

class MappedFile;

struct KeyedRecord {
  std::uint64_t key = 0;
  std::string_view bytes;
};

class SortedPile {
 public:
  /// Holds up to `memory` bytes before it goes to disk; twice as much while it sorts them.
  SortedPile(std::filesystem::path target, std::size_t memory);
  ~SortedPile();
  SortedPile(SortedPile&&) noexcept;

  void add(std::uint64_t key, std::string_view record);
  /// No more will come. Records of one key keep the order in which they came.
  void sort();

  /// Walks the sorted records from the first whose key is at least `from`; behind each, kSlack bytes may be read. Any number may walk at once.
  class Walk {
   public:
    bool at_end() const { return at_ == end_; }
    const KeyedRecord& operator*() const { return record_; }
    const KeyedRecord* operator->() const { return &record_; }
    void operator++();

   private:
    friend class SortedPile;
    void read();
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    const char* next_ = nullptr;
    KeyedRecord record_;
  };
  Walk from(std::uint64_t key) const;
  /// Keys that cut the pile into parts of about equal size.
  std::vector<std::uint64_t> marks() const;

 private:
  struct Entry {
    std::uint64_t key;
    std::uint64_t offset;
  };
  struct Mark {
    std::uint64_t key;
    std::size_t offset;
  };
  void sort_entries();
  void spill();
  void merge_runs();
  void use(std::string_view sorted);
  template <class Take>
  void in_order(Take take);

  std::filesystem::path target_;
  std::size_t memory_;
  std::unique_ptr<char[]> arena_;
  std::size_t used_ = 0;
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<MappedFile>> runs_;  ///< without names once they are written, so that nothing stays when we are killed
  std::unique_ptr<MappedFile> merged_;
  std::unique_ptr<char[]> sorted_in_memory_;
  std::string_view sorted_;
  std::vector<Mark> marks_;
};

}  // namespace cairn::tiler::bulk
