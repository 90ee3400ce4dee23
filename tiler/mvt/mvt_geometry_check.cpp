#include "tiler/mvt/mvt_geometry_check.hpp"

#include <protozero/varint.hpp>

namespace cairn::tiler {
namespace {

using Problem = std::optional<std::string>;

struct Position {
  std::int64_t x = 0;
  std::int64_t y = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

/// Goes through the commands of one feature; the first problem ends it.
class Walk {
 public:
  explicit Walk(const std::vector<std::uint32_t>& commands) : commands_{commands} {}

  bool at_end() const { return next_ == commands_.size(); }
  Position cursor() const { return cursor_; }

  /// Takes the next command, which must be `verb` with a count in range; its parameters must all be there.
  Problem take(Verb verb, std::uint32_t least, std::uint32_t most) {
    if (at_end()) return "the geometry ends where " + name_of(verb) + " must follow";
    const auto command = commands_[next_++];
    count_ = command >> 3;
    if ((command & 7u) != static_cast<std::uint32_t>(verb)) return "command " + std::to_string(command & 7u) + " stands where " + name_of(verb) + " must";
    if (count_ < least || count_ > most) return name_of(verb) + " has the count " + std::to_string(count_);
    const std::uint64_t parameters = verb == Verb::close_path ? 0 : 2 * std::uint64_t{count_};
    if (parameters > commands_.size() - next_) return name_of(verb) + " promises more positions than there are";
    return std::nullopt;
  }
  std::uint32_t count() const { return count_; }

  /// Moves the cursor by the next pair of parameters.
  Position step() {
    cursor_.x += protozero::decode_zigzag32(commands_[next_]);
    cursor_.y += protozero::decode_zigzag32(commands_[next_ + 1]);
    next_ += 2;
    return cursor_;
  }

 private:
  static std::string name_of(Verb verb) {
    return verb == Verb::move_to ? "MoveTo" : verb == Verb::line_to ? "LineTo" : "ClosePath";
  }

  const std::vector<std::uint32_t>& commands_;
  std::size_t next_ = 0;
  std::uint32_t count_ = 0;
  Position cursor_;
};

constexpr std::uint32_t kAnyCount = 0x1fffffff;

/// One MoveTo, then LineTo with at least `least` positions, no two neighbours of which are equal.
Problem take_path(Walk& walk, std::uint32_t least, std::vector<Position>& path) {
  if (auto problem = walk.take(Verb::move_to, 1, 1)) return problem;
  path.assign(1, walk.step());
  if (auto problem = walk.take(Verb::line_to, least, kAnyCount)) return problem;
  for (auto left = walk.count(); left > 0; --left) {
    path.push_back(walk.step());
    if (path.back() == path[path.size() - 2]) return "LineTo doesn't move";
  }
  return std::nullopt;
}

Problem problem_of_points(Walk& walk) {
  if (auto problem = walk.take(Verb::move_to, 1, kAnyCount)) return problem;
  for (auto left = walk.count(); left > 0; --left) walk.step();
  return walk.at_end() ? std::nullopt : Problem{"a point has more than one command"};
}

Problem problem_of_lines(Walk& walk) {
  std::vector<Position> path;
  do {
    if (auto problem = take_path(walk, 1, path)) return problem;
  } while (!walk.at_end());
  return std::nullopt;
}

/// Twice the area by the surveyor's formula, seen from the first position; positive for an exterior ring (y points down).
double doubled_area(const std::vector<Position>& ring) {
  double area = 0;
  for (std::size_t i = 2; i < ring.size(); ++i) {
    const auto x1 = static_cast<double>(ring[i - 1].x - ring[0].x);
    const auto y1 = static_cast<double>(ring[i - 1].y - ring[0].y);
    const auto x2 = static_cast<double>(ring[i].x - ring[0].x);
    const auto y2 = static_cast<double>(ring[i].y - ring[0].y);
    area += x1 * y2 - x2 * y1;
  }
  return area;
}

Problem problem_of_polygons(Walk& walk) {
  std::vector<Position> ring;
  bool exterior_seen = false;
  do {
    if (auto problem = take_path(walk, 2, ring)) return problem;
    if (auto problem = walk.take(Verb::close_path, 1, 1)) return problem;
    if (ring.back() == ring.front()) return "a ring repeats its first position before ClosePath";
    const double area = doubled_area(ring);
    if (area == 0) return "a ring has no area";
    if (area < 0 && !exterior_seen) return "an interior ring stands before any exterior ring";
    exterior_seen = true;
  } while (!walk.at_end());
  return std::nullopt;
}

}  // namespace

std::optional<std::string> problem_of_geometry(Geometry type, const std::vector<std::uint32_t>& commands) {
  if (commands.empty()) return "the geometry is empty";
  Walk walk{commands};
  switch (type) {
    case Geometry::point: return problem_of_points(walk);
    case Geometry::line: return problem_of_lines(walk);
    case Geometry::polygon: return problem_of_polygons(walk);
    case Geometry::unknown: break;  // the specification leaves its meaning open
  }
  return std::nullopt;
}

}  // namespace cairn::tiler
