// Order of the steps: the same frame once; one row per device and recording; sorted; time turns and teleports left out; split
// where frames lie far apart; then, in each sequence, near duplicates and impossible shapes left out. Splitting comes before
// duplicates, so that a car that waited ten minutes stays one drive.
#include "ingest/assemble.hpp"

#include "ingest/assemble_track.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

namespace cairn::ingest {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string_view take_number(std::string_view& text) {
  const auto count = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  auto number = text.substr(0, count);
  text.remove_prefix(count);
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

/// Compares file names as people count them: "9.jpg" before "10.jpg".
std::strong_ordering compare_names(std::string_view one, std::string_view other) {
  while (!one.empty() && !other.empty()) {
    if (is_digit(one.front()) && is_digit(other.front())) {
      const auto a = take_number(one), b = take_number(other);
      if (a.size() != b.size()) return a.size() <=> b.size();
      if (a != b) return a <=> b;
    } else {
      const auto a = static_cast<unsigned char>(one.front()), b = static_cast<unsigned char>(other.front());
      if (a != b) return a <=> b;
      one.remove_prefix(1);
      other.remove_prefix(1);
    }
  }
  return one.size() <=> other.size();
}

bool is_by_name(SortMethod sort) { return sort == SortMethod::filename_asc || sort == SortMethod::filename_desc; }
bool is_descending(SortMethod sort) { return sort == SortMethod::time_desc || sort == SortMethod::filename_desc; }

/// A total order on different frames: what the method compares, then the other, then the id.
bool comes_before(const ArrivedFrame* one, const ArrivedFrame* other, SortMethod sort) {
  const auto names = compare_names(one->file_name, other->file_name);
  const auto times = one->capture.fix.taken_at <=> other->capture.fix.taken_at;
  const auto first = is_by_name(sort) ? names : times;
  if (first != 0) return is_descending(sort) ? first > 0 : first < 0;
  const auto second = is_by_name(sort) ? times : names;
  if (second != 0) return is_descending(sort) ? second > 0 : second < 0;
  return one->capture.id < other->capture.id;
}

/// What makes two frames come from one recording of one device.
auto recording_of(const ArrivedFrame& frame) {
  return std::tie(frame.capture.sequence_hint, frame.capture.camera.make, frame.capture.camera.model);
}
using Recording = std::tuple<std::string, std::string, std::string>;

/// The frames of each recording, each frame once.
std::map<Recording, FrameRow> by_recording(const std::vector<ArrivedFrame>& frames) {
  std::map<Recording, FrameRow> rows;
  const ArrivedFrame* last = nullptr;
  for (const auto& frame : frames) {
    if (last && last->capture.id == frame.capture.id) continue;
    rows[recording_of(frame)].push_back(&frame);
    last = &frame;
  }
  return rows;
}

void leave_out(std::vector<LeftOut>&& more, Assembly& assembly) {
  assembly.left_out.insert(assembly.left_out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

FrameRow passed_on(Sieve&& sieve, Assembly& assembly) {
  leave_out(std::move(sieve.left_out), assembly);
  return std::move(sieve.kept);
}

AssembledSequence sequence_of(std::span<const ArrivedFrame* const> row) {
  AssembledSequence sequence{.id = SequenceId::derived_from({"sequence", row.front()->capture.id.text()}), .frames = {}};
  for (const auto* frame : row) sequence.frames.push_back(frame->capture.id);
  return sequence;
}

void add_sequence(FrameRow row, const AssembleRules& rules, Assembly& assembly) {
  const auto refusal = check_shape(row, !rules.duplicate_distance_m);
  if (refusal) {
    for (const auto* frame : row) assembly.left_out.push_back({frame->capture.id, *refusal, std::nullopt});
    return;
  }
  if (rules.duplicate_distance_m) {
    row = passed_on(without_duplicates(row, *rules.duplicate_distance_m, rules.duplicate_rotation_deg), assembly);
  }
  // A drive that is too long goes on in further sequences, all about as long.
  const std::size_t parts = (row.size() + rules.most_frames - 1) / rules.most_frames;
  for (std::size_t part = 0; part < parts; ++part) {
    assembly.sequences.push_back(sequence_of(std::span{row}.subspan(row.size() * part / parts, row.size() * (part + 1) / parts - row.size() * part / parts)));
  }
}

void add_recording(FrameRow row, const AssembleRules& rules, Assembly& assembly) {
  std::ranges::sort(row, [&](const auto* one, const auto* other) { return comes_before(one, other, rules.sort); });
  if (is_by_name(rules.sort)) row = passed_on(without_time_turns(row), assembly);
  row = passed_on(without_teleports(row, rules.fastest_mps), assembly);
  for (auto& part : split(row, rules)) add_sequence(std::move(part), rules, assembly);
}

}  // namespace

Assembly assemble(std::vector<ArrivedFrame> frames, const AssembleRules& rules) {
  // Frames with one id are the same bytes of the same sender, yet names and claims may differ: the least is kept.
  std::ranges::sort(frames, {}, [](const ArrivedFrame& frame) {
    return std::tie(frame.capture.id, frame.file_name, frame.capture.fix.taken_at, frame.capture.fix.place);
  });
  Assembly assembly;
  for (auto& [recording, row] : by_recording(frames)) add_recording(std::move(row), rules, assembly);
  std::ranges::sort(assembly.left_out, {}, &LeftOut::frame);
  return assembly;
}

}  // namespace cairn::ingest
