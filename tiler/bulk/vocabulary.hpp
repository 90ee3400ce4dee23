#pragma once
// The words of one layer: its keys, and the values that several features share. A value becomes its bytes in a tile once, when it is
// first met, and is a number from then on.

#include "tiler/buffer.hpp"
#include "tiler/bulk/feature.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cairn::tiler::bulk {

class Vocabulary {
 public:
  /// Appends a feature's attributes in the form that LayerWriter reads: their count, and for each its key with either a value of the
  /// vocabulary or the bytes of its own. Keys beyond kMostKeys, and those that a feature names twice, are left out and counted. Gives a hash of what the attributes say.
  std::uint64_t pack(const std::vector<Attribute>& attributes, Buffer& to);

  static constexpr std::size_t kMostKeys = 1000;  ///< a layer with more is a mistake of its maker, and each costs memory
  std::uint64_t left_out() const { return left_out_; }

  std::size_t keys() const { return columns_.size(); }
  std::size_t values() const { return values_.size(); }
  /// As they stand in a layer, with tag and length; behind a value kSlack bytes may be read.
  std::string_view key_field(std::uint32_t key) const { return columns_[key].field; }
  std::string_view value_field(std::uint32_t value) const { return fields_.view().substr(values_[value].offset, values_[value].size); }
  /// "String", "Number" or "Boolean" by name, as TileJSON describes fields.
  std::vector<std::pair<std::string, std::string_view>> fields() const;

 private:
  struct Column {
    std::string name;
    std::string field;
    std::string_view kind;
    std::uint32_t looked_up = 0;
    std::uint32_t distinct = 0;  ///< of those
    std::uint64_t last_in = 0;   ///< number of the last feature that has it
    /// Nearly every feature has another value here (an id, a measurement), so that looking for equal ones is not worth its time.
    bool mostly_own() const { return distinct >= kTrial && distinct > looked_up / 2; }
  };
  static constexpr std::uint32_t kTrial = 1024;
  static constexpr std::uint64_t kSample = 32;  ///< of so many features one is looked up even so: what comes later may repeat itself
  struct Shared {
    std::uint64_t hash;
    std::uint64_t offset;  ///< in fields_
    std::uint32_t size;
  };

  Column* column_of(std::string_view key, std::size_t position);
  std::uint32_t intern(std::uint64_t hash, Column& column);
  void grow();

  std::vector<Column> columns_;
  std::unordered_map<std::string, std::uint32_t> index_of_key_;
  std::vector<Shared> values_;
  Buffer fields_;  ///< of values_, one behind the other
  std::vector<std::uint32_t> slots_;  ///< open addressing: value + 1, 0 where free
  Buffer field_;
  std::uint64_t features_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace cairn::tiler::bulk
