#include "services/changes/visibility.hpp"

#include "services/changes/dirty_tiles.hpp"
#include "services/changes/feed.hpp"
#include "services/changes/measure.hpp"
#include "services/store/jobs.hpp"
#include "services/store/sequences.hpp"
#include "services/store/visibility.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace cairn::changes {
namespace {

/// What the set's sequences tell of their frames follows what is shown now.
void measure_again(store::Session& session, UploadSetId set) {
  for (auto& sequence : store::sequences_of_set(session, set)) {
    if (sequence.state != store::SequenceState::ready) continue;
    measure(sequence, store::frames_of_sequence(session, sequence.id));
    store::update_sequence(session, sequence);
  }
}

std::set<SequenceId> shown_sequences(store::Session& session, UploadSetId set) {
  std::set<SequenceId> shown;
  for (const auto& sequence : store::sequences_of_set(session, set)) {
    if (is_shown(sequence)) shown.insert(sequence.id);
  }
  return shown;
}

using Places = std::vector<std::pair<FrameId, LatLon>>;

/// Pictures that are in one list only, and sequences that anyone may or might see. Others nobody is told of.
void tell_difference(store::Session& session, const Places& before, const Places& after, const std::set<SequenceId>& sequences, UtcTime now) {
  Places changed;
  std::ranges::set_symmetric_difference(before, after, std::back_inserter(changed), {}, &Places::value_type::first, &Places::value_type::first);
  std::vector<FrameId> frames;
  for (const auto& [frame, place] : changed) frames.push_back(frame);
  tell_pictures(session, frames, now);
  for (const auto sequence : sequences) tell_sequence(session, sequence, now);
}

/// Runs a change of what is visible in a set: tiles of what came or went get dirty, sequences that changed are fused again.
template <class Change>
void changing(store::Session& session, UploadSetId set, UtcTime now, const Change& change) {
  const auto before = store::published_places(session, set);
  auto sequences = shown_sequences(session, set);
  change();
  refresh_shown_to(session, set);
  measure_again(session, set);
  const auto after = store::published_places(session, set);
  if (before == after) return;
  std::vector<LatLon> places;
  for (const auto* frames : {&before, &after}) {
    for (const auto& [frame, place] : *frames) places.push_back(place);
  }
  mark_tiles_dirty(session, kSetsOfPictures, places, now);
  sequences.merge(shown_sequences(session, set));
  tell_difference(session, before, after, sequences, now);
  for (const auto& sequence : store::sequences_of_set(session, set)) fuse_again(session, sequence.id, now);
}

}  // namespace

bool is_visibility(const std::string& text) { return text == "anyone" || text == "logged-only" || text == "owner-only"; }

void refresh_shown_to(store::Session& session, UploadSetId set) { store::update_shown_to(session, set); }

void fuse_again(store::Session& session, SequenceId id, UtcTime now) {
  const auto sequence = store::find_sequence(session, id);
  if (!sequence || sequence->state == store::SequenceState::inspecting) return;
  store::enqueue(session, {.stage = store::Stage::fuse, .key = id.text(), .tenant = sequence->account.text(), .now = now});
}

void set_visibility_of_set(store::Session& session, UploadSetId set, const std::string& visibility, UtcTime now) {
  changing(session, set, now, [&] { store::put_visibility(session, set, visibility, now); });
}

void set_visibility_of_sequence(store::Session& session, store::SequenceRow& sequence, const std::optional<std::string>& visibility, UtcTime now) {
  changing(session, sequence.upload_set, now, [&] {
    sequence.visibility = visibility;
    sequence.updated_at = now;
    store::update_owners_words(session, sequence);
  });
}

void set_visibility_of_frame(store::Session& session, const store::FrameRow& frame, const std::optional<std::string>& visibility, UtcTime now) {
  changing(session, frame.upload_set, now, [&] { store::put_visibility(session, frame.id, visibility); });
}

}  // namespace cairn::changes
