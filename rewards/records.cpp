#include "rewards/records.hpp"

#include <algorithm>
#include <span>

namespace cairn::rewards {
namespace {

class RecordWriter {
 public:
  RecordWriter(std::string& out, char kind, std::size_t size) : out_{out} {
    number(size, 4);
    out_ += kind;
  }
  RecordWriter& number(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out_ += static_cast<char>((value >> shift) & 255);
    return *this;
  }
  RecordWriter& bytes(std::span<const std::uint8_t> bytes) {
    out_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return *this;
  }
  RecordWriter& where(const CellOctant& where) { return number(where.cell, 8).number(where.octant, 1); }
  RecordWriter& time(UtcTime time) { return number(static_cast<std::uint64_t>(micros_of(time)), 8); }

 private:
  std::string& out_;
};

/// Takes fields off the front of one record, whose size is known to be right.
class RecordReader {
 public:
  explicit RecordReader(std::string_view record) : rest_{record} {}
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const char byte : rest_.substr(0, bytes)) value = value << 8 | static_cast<unsigned char>(byte);
    rest_.remove_prefix(bytes);
    return value;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> taken;
    std::copy_n(rest_.begin(), N, taken.begin());
    rest_.remove_prefix(N);
    return taken;
  }
  Address address() { return {bytes<20>()}; }
  UtcTime time() { return time_from_micros(static_cast<std::int64_t>(number(8))); }
  CellOctant where() {
    const auto cell = number(8);
    return {cell, static_cast<std::uint8_t>(number(1))};
  }

 private:
  std::string_view rest_;
};

constexpr std::size_t kPayoutSize = 1 + 20 + 20;
constexpr std::size_t kFrameSize = 1 + 8 + 1 + 8 + 16 + 20 + 4 + 4;
constexpr std::size_t kTotalSize = 1 + 20 + 8;
constexpr std::size_t kVisitSize = 1 + 8 + 1 + 8;

CanonicalInput::Row row_from(RecordReader& reader) {
  CanonicalInput::Row row;
  row.where = reader.where();
  row.taken_at = reader.time();
  row.frame = FrameId{Uuid{reader.bytes<16>()}};
  row.account = reader.address();
  row.quality_ppm = static_cast<Ppm>(reader.number(4));
  row.trust_ppm = static_cast<Ppm>(reader.number(4));
  return row;
}

/// False when there is no such kind of that size.
bool read_record(std::string_view record, CanonicalInput& input) {
  if (record.empty()) return false;
  RecordReader reader{record.substr(1)};
  if (record[0] == 'A' && record.size() == kPayoutSize) {
    const auto account = reader.address();
    input.payouts.push_back({account, reader.address()});
  } else if (record[0] == 'F' && record.size() == kFrameSize) {
    input.rows.push_back(row_from(reader));
  } else if (record[0] == 'T' && record.size() == kTotalSize) {
    const auto address = reader.address();
    input.totals.push_back({address, static_cast<Amount>(reader.number(8))});
  } else if (record[0] == 'V' && record.size() == kVisitSize) {
    const auto where = reader.where();
    input.visits.push_back({where, reader.time()});
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string records_of(const CanonicalInput& input) {
  std::string out;
  out.reserve(input.rows.size() * (4 + kFrameSize) + input.totals.size() * (4 + kTotalSize) +
              input.visits.size() * (4 + kVisitSize) + input.payouts.size() * (4 + kPayoutSize));
  for (const auto& [account, address] : input.payouts) {
    RecordWriter{out, 'A', kPayoutSize}.bytes(account.bytes).bytes(address.bytes);
  }
  for (const auto& row : input.rows) {
    RecordWriter{out, 'F', kFrameSize}.where(row.where).time(row.taken_at).bytes(row.frame.uuid.bytes)
        .bytes(row.account.bytes).number(row.quality_ppm, 4).number(row.trust_ppm, 4);
  }
  for (const auto& [address, amount] : input.totals) {
    RecordWriter{out, 'T', kTotalSize}.bytes(address.bytes).number(static_cast<std::uint64_t>(amount), 8);
  }
  for (const auto& [where, at] : input.visits) RecordWriter{out, 'V', kVisitSize}.where(where).time(at);
  return out;
}

std::optional<std::string> read_records(std::string_view records, CanonicalInput& input) {
  std::string_view previous;
  while (!records.empty()) {
    if (records.size() < 4) return "the inputs end within a record";
    const auto size = RecordReader{records}.number(4);
    records.remove_prefix(4);
    if (size > records.size()) return "the inputs end within a record";
    const auto record = records.substr(0, size);
    if (!read_record(record, input)) return "the inputs hold a record of an unknown kind or size";
    if (!previous.empty() && previous >= record) return "the inputs are not in ascending order";
    previous = record;
    records.remove_prefix(size);
  }
  return std::nullopt;
}

}  // namespace cairn::rewards
