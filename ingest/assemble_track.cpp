#include "ingest/assemble_track.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace cairn::ingest {
namespace {

constexpr double kFinestClock_s = 1;        ///< many cameras write whole seconds: two frames of one second may be a second apart
constexpr double kStationaryRadius_m = 1;
constexpr std::size_t kFewestStationary = 3;
constexpr double kSharpTurn_deg = 120;
constexpr double kZigZagStep_m = 5;         ///< shorter steps turn at random while standing
constexpr int kFewestTurns = 4;

std::string text_with(const char* pattern, double one, double other) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), pattern, one, other);
  return text.data();
}

UtcTime time_of(const ArrivedFrame* frame) { return frame->capture.fix.taken_at; }
LatLon place_of(const ArrivedFrame* frame) { return frame->capture.fix.place; }
double distance_m(const ArrivedFrame* one, const ArrivedFrame* other) {
  return ground_distance_m(place_of(one), place_of(other));
}
double seconds_apart(const ArrivedFrame* one, const ArrivedFrame* other) {
  return std::abs(seconds_between(time_of(one), time_of(other)));
}
double speed_mps(const ArrivedFrame* one, const ArrivedFrame* other) {
  return distance_m(one, other) / std::max(kFinestClock_s, seconds_apart(one, other));
}

/// Positions of a longest run, not necessarily contiguous, whose times never fall (patience sorting, O(n log n)).
std::vector<std::size_t> longest_rising(const FrameRow& row, int direction) {
  std::vector<std::size_t> ends;  // ends[k]: the frame with the least time that ends a rising run of k + 1 frames
  std::vector<std::size_t> before(row.size(), row.size());
  const auto key = [&](std::size_t i) { return direction * micros_of(time_of(row[i])); };
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto found = std::ranges::upper_bound(ends, key(i), {}, key);
    if (found != ends.begin()) before[i] = *std::prev(found);
    if (found == ends.end()) {
      ends.push_back(i);
    } else {
      *found = i;
    }
  }
  std::vector<std::size_t> run;
  for (auto i = ends.empty() ? row.size() : ends.back(); i != row.size(); i = before[i]) run.push_back(i);
  std::ranges::reverse(run);
  return run;
}

/// Parts of a row between steps that are too fast: [first, last).
struct Run {
  std::size_t first, last;
  std::size_t size() const { return last - first; }
};
std::vector<Run> possible_runs(const FrameRow& row, double fastest_mps) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i == 0 || speed_mps(row[i - 1], row[i]) > fastest_mps) runs.push_back({i, i});
    runs.back().last = i + 1;
  }
  return runs;
}

LeftOut too_fast(const ArrivedFrame* frame, const ArrivedFrame* neighbour) {
  return {frame->capture.id,
          {Reason::too_fast, text_with("%.0f km/h over %.0f m", speed_mps(frame, neighbour) * 3.6, distance_m(frame, neighbour))},
          std::nullopt};
}

/// The headings' difference; 0 when one of them is unknown, because then the place alone decides.
double rotation_deg_between(const ArrivedFrame* one, const ArrivedFrame* other) {
  const auto& from = one->capture.fix.heading_deg;
  const auto& to = other->capture.fix.heading_deg;
  return from && to ? std::abs(turn_deg(*from, *to)) : 0;
}

std::optional<Refusal> check_zig_zag(const FrameRow& row) {
  int turns = 0, sharp = 0;
  std::optional<double> course_deg;
  const auto* from = row.front();
  for (const auto* to : row) {
    if (distance_m(from, to) < kZigZagStep_m) continue;
    const auto next_deg = bearing_deg(place_of(from), place_of(to));
    if (course_deg) {
      ++turns;
      sharp += std::abs(turn_deg(*course_deg, next_deg)) > kSharpTurn_deg;
    }
    course_deg = next_deg;
    from = to;
  }
  if (turns < kFewestTurns || sharp * 2 <= turns) return std::nullopt;
  return Refusal{Reason::zig_zag, text_with("%.0f of %.0f turns are sharper than 120 degrees", sharp, turns)};
}

std::optional<Refusal> check_stationary(const FrameRow& row) {
  if (row.size() < kFewestStationary) return std::nullopt;
  const auto moved = std::ranges::any_of(row, [&](const auto* f) { return distance_m(row.front(), f) > kStationaryRadius_m; });
  if (moved) return std::nullopt;
  return Refusal{Reason::stationary, text_with("%.0f frames within %.0f m", static_cast<double>(row.size()), kStationaryRadius_m)};
}

}  // namespace

Sieve without_time_turns(const FrameRow& row) {
  const auto forwards = longest_rising(row, 1);
  const auto backwards = longest_rising(row, -1);
  const auto& run = backwards.size() > forwards.size() ? backwards : forwards;
  Sieve sieve;
  auto next = run.begin();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (next != run.end() && *next == i) {
      sieve.kept.push_back(row[i]);
      ++next;
    } else {
      sieve.left_out.push_back({row[i]->capture.id, {Reason::time_backwards, to_iso8601(time_of(row[i]))}, std::nullopt});
    }
  }
  return sieve;
}

Sieve without_teleports(const FrameRow& row, double fastest_mps) {
  const auto runs = possible_runs(row, fastest_mps);
  if (runs.size() < 2) return {row, {}};
  const auto trusted = std::ranges::max_element(runs, {}, &Run::size) - runs.begin();
  Sieve sieve;
  std::vector<char> keep(row.size(), 0);
  const auto keep_run = [&](const Run& run) { std::fill(keep.begin() + run.first, keep.begin() + run.last, 1); };
  const auto leave_out = [&](const Run& run, const ArrivedFrame* neighbour) {
    for (auto i = run.first; i < run.last; ++i) sieve.left_out.push_back(too_fast(row[i], neighbour));
  };
  keep_run(runs[trusted]);
  const auto* edge = row[runs[trusted].last - 1];
  for (auto r = trusted + 1; r < std::ssize(runs); ++r) {
    if (speed_mps(edge, row[runs[r].first]) > fastest_mps) {
      leave_out(runs[r], edge);
    } else {
      keep_run(runs[r]);
      edge = row[runs[r].last - 1];
    }
  }
  edge = row[runs[trusted].first];
  for (auto r = trusted - 1; r >= 0; --r) {
    if (speed_mps(row[runs[r].last - 1], edge) > fastest_mps) {
      leave_out(runs[r], edge);
    } else {
      keep_run(runs[r]);
      edge = row[runs[r].first];
    }
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (keep[i]) sieve.kept.push_back(row[i]);
  }
  return sieve;
}

Sieve without_duplicates(const FrameRow& row, double distance_limit_m, double rotation_limit_deg) {
  Sieve sieve;
  for (const auto* frame : row) {
    const auto* last = sieve.kept.empty() ? nullptr : sieve.kept.back();
    const double away_m = last ? distance_m(last, frame) : 0;
    const double turned_deg = last ? rotation_deg_between(last, frame) : 0;
    if (!last || away_m > distance_limit_m || turned_deg > rotation_limit_deg) {
      sieve.kept.push_back(frame);
    } else {
      sieve.left_out.push_back({frame->capture.id,
                                {Reason::near_duplicate, text_with("%.1f m and %.0f degrees from its neighbour", away_m, turned_deg)},
                                last->capture.id});
    }
  }
  return sieve;
}

std::vector<FrameRow> split(const FrameRow& row, const AssembleRules& rules) {
  std::vector<FrameRow> rows;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool far = i > 0 && rules.split_distance_m && distance_m(row[i - 1], row[i]) > *rules.split_distance_m;
    const bool late = i > 0 && rules.split_time && std::chrono::abs(time_of(row[i]) - time_of(row[i - 1])) > *rules.split_time;
    if (i == 0 || far || late) rows.emplace_back();
    rows.back().push_back(row[i]);
  }
  return rows;
}

std::optional<Refusal> check_shape(const FrameRow& row, bool refuse_stationary) {
  if (row.empty()) return std::nullopt;
  if (auto refusal = check_zig_zag(row)) return refusal;
  return refuse_stationary ? check_stationary(row) : std::nullopt;
}

}  // namespace cairn::ingest
