// Version, then each list: its length, then its items in order; vertices are written as steps from the one before.
// No two byte strings mean the same rollup, so equal bytes are equal knowledge.
#include "tiler/byte_stream.hpp"
#include "tiler/rollup.hpp"

#include <algorithm>
#include <limits>

namespace cairn::tiler {
namespace {

constexpr std::uint64_t kRollupVersion = 1;
constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMostOrdinal = std::numeric_limits<std::int32_t>::max();

void put(ByteWriter& out, const Uuid& uuid) { out.block(std::as_bytes(std::span{uuid.bytes})); }

Uuid uuid_from(ByteReader& in) {
  Uuid uuid;
  std::ranges::transform(in.block(16), uuid.bytes.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return uuid;
}

std::uint32_t number_from(ByteReader& in, std::uint64_t most = kMost32) { return static_cast<std::uint32_t>(in.whole_up_to(most)); }

std::int32_t signed_from(ByteReader& in) {
  const auto value = in.whole_signed();
  if (value < -kMostOrdinal - 1 || value > kMostOrdinal) in.fail("a number is too large");
  return static_cast<std::int32_t>(value);
}

void put(ByteWriter& out, const FeatureDot& dot) {
  put(out, dot.id.uuid);
  for (const std::uint64_t value : {std::uint64_t{dot.point.x}, std::uint64_t{dot.point.y}, std::uint64_t(dot.object),
                                    std::uint64_t(dot.state), std::uint64_t{dot.existence_percent}, std::uint64_t{dot.accuracy_dm},
                                    std::uint64_t{dot.facing_plus_one}}) {
    out.whole(value);
  }
  out.whole_signed(dot.first_day);
  out.whole_signed(dot.last_day);
  out.whole(dot.views);
  out.whole(dot.contributors);
  out.whole(static_cast<std::uint64_t>(dot.min_zoom));
}

FeatureDot feature_from(ByteReader& in) {
  FeatureDot dot;
  dot.id.uuid = uuid_from(in);
  dot.point.x = number_from(in);
  dot.point.y = number_from(in);
  dot.object = static_cast<ObjectClass>(number_from(in, kObjectClasses.size() - 1));
  dot.state = static_cast<FeatureState>(number_from(in, static_cast<std::uint64_t>(FeatureState::confirmed)));
  dot.existence_percent = number_from(in, 100);
  dot.accuracy_dm = number_from(in);
  dot.facing_plus_one = number_from(in, 360);
  dot.first_day = signed_from(in);
  dot.last_day = signed_from(in);
  dot.views = number_from(in);
  dot.contributors = number_from(in);
  dot.min_zoom = static_cast<int>(number_from(in, TileId::kMaxZoom));
  return dot;
}

void put(ByteWriter& out, Cell cell) {
  out.whole(cell.y);
  out.whole(cell.x);
}

Cell cell_from(ByteReader& in) {
  Cell cell;
  cell.y = number_from(in);
  cell.x = number_from(in);
  return cell;
}

void put(ByteWriter& out, const CoverageCell& cell) {
  put(out, cell.cell);
  out.whole_signed(cell.last_day);
  out.whole(cell.cells);
  out.whole(cell.passes);
}

CoverageCell coverage_from(ByteReader& in) {
  CoverageCell cell;
  cell.cell = cell_from(in);
  cell.last_day = signed_from(in);
  cell.cells = in.whole();
  cell.passes = in.whole();
  return cell;
}

void put(ByteWriter& out, const PictureCell& cell) {
  put(out, cell.cell);
  out.whole(cell.flat);
  out.whole(cell.full_circle);
}

PictureCell pictures_from(ByteReader& in) {
  PictureCell cell;
  cell.cell = cell_from(in);
  cell.flat = in.whole();
  cell.full_circle = in.whole();
  return cell;
}

void put(ByteWriter& out, const Run& run) {
  out.whole(run.size());
  RunVertex last;
  for (const auto& vertex : run) {
    out.whole_signed(std::int64_t{vertex.ordinal} - last.ordinal);
    out.whole_signed(std::int64_t{vertex.point.x} - last.point.x);
    out.whole_signed(std::int64_t{vertex.point.y} - last.point.y);
    out.whole(static_cast<std::uint64_t>(vertex.min_zoom));
    last = vertex;
  }
}

std::int64_t moved(ByteReader& in, std::int64_t from, std::int64_t least, std::int64_t most) {
  const auto step = in.whole_signed();
  if (step > most - from || step < least - from) in.fail("a step leaves its range");
  return from + step;
}

Run run_from(ByteReader& in) {
  Run run(in.count(4));
  RunVertex last;
  for (std::size_t i = 0; i < run.size(); ++i) {
    auto& vertex = run[i];
    vertex.ordinal = static_cast<std::int32_t>(moved(in, last.ordinal, i == 0 ? -kMostOrdinal - 1 : last.ordinal + std::int64_t{1}, kMostOrdinal));
    vertex.point.x = static_cast<std::uint32_t>(moved(in, last.point.x, 0, kMost32));
    vertex.point.y = static_cast<std::uint32_t>(moved(in, last.point.y, 0, kMost32));
    vertex.min_zoom = static_cast<std::int32_t>(number_from(in, kEveryVertexZoom));
    last = vertex;
  }
  return run;
}

void put(ByteWriter& out, const SequenceLine& line) {
  put(out, line.id.uuid);
  put(out, line.account.uuid);
  out.whole_signed(line.day);
  out.whole(static_cast<std::uint64_t>(line.projection));
  out.whole(line.accuracy_dm);
  out.whole(line.pixel_density);
  out.text(line.camera_model);
  out.whole(line.runs.size());
  for (const auto& run : line.runs) put(out, run);
}

SequenceLine sequence_from(ByteReader& in) {
  SequenceLine line;
  line.id.uuid = uuid_from(in);
  line.account.uuid = uuid_from(in);
  line.day = signed_from(in);
  line.projection = static_cast<Projection>(number_from(in, static_cast<std::uint64_t>(Projection::equirectangular)));
  line.accuracy_dm = number_from(in);
  line.pixel_density = number_from(in);
  line.camera_model = in.text();
  for (auto left = in.count(9); left > 0; --left) line.runs.push_back(run_from(in));
  return line;
}

template <class T>
void put_list(ByteWriter& out, const std::vector<T>& list) {
  out.whole(list.size());
  for (const auto& item : list) put(out, item);
}

template <class T>
std::vector<T> list_from(ByteReader& in, std::size_t least_bytes, T (*item_from)(ByteReader&)) {
  std::vector<T> list;
  const auto count = in.count(least_bytes);
  list.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back(item_from(in));
    if (i > 0 && !(list[i - 1] < list[i])) in.fail("its items are not in order");
  }
  return list;
}

}  // namespace

Bytes encoded(const Rollup& rollup) {
  if (rollup.empty()) return {};
  ByteWriter out;
  out.whole(kRollupVersion);
  put_list(out, rollup.features);
  put_list(out, rollup.coverage);
  put_list(out, rollup.pictures);
  put_list(out, rollup.sequences);
  return out.take();
}

Rollup decoded(ByteView bytes) {
  Rollup rollup;
  if (bytes.empty()) return rollup;
  ByteReader in{bytes, "a tile's rollup"};
  if (in.whole() != kRollupVersion) in.fail("its version is unknown");
  rollup.features = list_from(in, 28, feature_from);
  rollup.coverage = list_from(in, 5, coverage_from);
  rollup.pictures = list_from(in, 4, pictures_from);
  rollup.sequences = list_from(in, 38, sequence_from);
  if (!in.at_end()) in.fail("something follows its end");
  if (rollup.empty()) in.fail("it holds nothing");
  return rollup;
}

}  // namespace cairn::tiler
