#include "services/gateway/map/change_pages.hpp"

#include "services/changes/feed.hpp"
#include "services/gateway/links.hpp"
#include "services/store/events.hpp"
#include "services/store/map.hpp"
#include "services/store/published.hpp"

#include <algorithm>
#include <map>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPages = 16;       // followers are at the end, or on their way to it
constexpr std::size_t kMostThings = 10'000;  // of one page: 2 MB

/// An event and what it names.
struct ParsedEvent {
  store::Event event;
  json subject;
  template <class AnyId>
  std::vector<AnyId> ids() const {
    std::vector<AnyId> ids;
    for (const auto& text : subject) ids.push_back(AnyId::parse(text.get_ref<const std::string&>()).value());
    return ids;
  }
  bool names_features() const { return event.kind == "features" || event.kind == "features_born"; }
};

/// The next events, and no more than one beyond so many things.
std::vector<ParsedEvent> parsed_behind(store::Session& session, std::int64_t since, int limit) {
  std::vector<ParsedEvent> all;
  std::size_t things = 0;
  for (auto& event : store::events_since(session, since, limit)) {
    if (things > kMostThings) break;
    auto subject = json::parse(event.subject_json);
    things += subject.is_array() ? subject.size() : 1;
    all.push_back({std::move(event), std::move(subject)});
  }
  return all;
}

/// Writes lines from what is there now of all that the events name.
class ChangeWriter {
 public:
  ChangeWriter(store::Session& session, const std::vector<ParsedEvent>& events) : session_{session} {
    std::vector<FrameId> frames;
    std::vector<FeatureId> features;
    for (const auto& event : events) {
      if (event.event.kind == "pictures") std::ranges::move(event.ids<FrameId>(), std::back_inserter(frames));
      if (event.names_features()) std::ranges::move(event.ids<FeatureId>(), std::back_inserter(features));
    }
    for (const auto& frame : store::published_among(session, frames)) frames_.emplace(frame.id, frame);
    for (auto& feature : store::features_among(session, features)) features_.emplace(feature.id, std::move(feature));
  }

  void write(const ParsedEvent& event, std::vector<Change>& changes) {
    const auto first = changes.size();
    const auto add = [&](std::string_view family, const std::string& kind, json line) {
      line.update({{"seq", event.event.seq}, {"at", to_iso8601(event.event.at)}, {"kind", kind}});
      changes.push_back({event.event.seq, false, family, kind, line.dump()});
    };
    if (event.event.kind == "tile") add("tiles", "tile_changed", event.subject);
    if (event.event.kind == "sequence") add_sequence(SequenceId::parse(event.subject.get<std::string>()).value(), add);
    if (event.event.kind == "pictures") {
      for (const auto id : event.ids<FrameId>()) add_picture(id, add);
    }
    if (event.names_features()) {
      for (const auto id : event.ids<FeatureId>()) add_feature(id, event.event.kind == "features_born", add);
    }
    if (changes.size() > first) changes.back().ends_event = true;
  }

 private:
  template <class Add>
  void add_picture(FrameId id, const Add& add) const {
    const auto found = frames_.find(id);
    if (found == frames_.end()) return add("pictures", "picture_removed", {{"id", id.text()}});
    const auto& frame = found->second;
    add("pictures", "picture_published", {{"id", id.text()}, {"collection", frame.sequence.text()}, {"taken_at", to_iso8601(frame.taken_at)}, {"place", coordinates(frame.place)}});
  }
  template <class Add>
  void add_feature(FeatureId id, bool born, const Add& add) const {
    const auto found = features_.find(id);
    if (found == features_.end()) return add("features", "feature_removed", {{"id", id.text()}});
    add("features", born ? "feature_born" : "feature_changed", {{"id", id.text()}, {"class", code_of(found->second.object)}, {"place", coordinates(found->second.place)}});
  }
  template <class Add>
  void add_sequence(SequenceId id, const Add& add) {
    const auto sequence = store::find_sequence(session_, id);
    if (!sequence || !changes::is_shown(*sequence)) return add("sequences", "sequence_removed", {{"id", id.text()}});
    add("sequences", "sequence_ready", {{"id", id.text()}, {"pictures", sequence->accepted}});
  }

  store::Session& session_;
  std::map<FrameId, store::PublishedFrame> frames_;
  std::map<FeatureId, Feature> features_;
};

std::shared_ptr<const ChangePage> page_behind(store::Session& session, std::int64_t since, int limit, std::int64_t newest) {
  auto page = std::make_shared<ChangePage>();
  page->last = since;
  const auto events = since < newest ? parsed_behind(session, since, limit) : std::vector<ParsedEvent>{};
  ChangeWriter writer{session, events};
  for (const auto& event : events) {
    writer.write(event, page->changes);
    page->last = event.event.seq;
  }
  page->more = page->last < newest;
  return page;
}

}  // namespace

std::shared_ptr<const ChangePage> ChangePages::behind(store::Session& session, std::int64_t since, int limit) {
  std::shared_ptr<const ChangePage> page;
  const std::lock_guard lock{mutex_};   // held while a page is made: who waits here wants the same one most likely
  session.read([&](store::Session& reader) {
    const auto events = store::kept_events(reader);
    if (!events.reach_back_to(since)) return;
    const auto known = std::ranges::find_if(kept_, [&](const Kept& kept) { return kept.since == since && kept.limit == limit; });
    if (known != kept_.end() && known->newest == events.newest) {
      page = known->page;
      kept_.splice(kept_.begin(), kept_, known);
      return;
    }
    if (known != kept_.end()) kept_.erase(known);
    page = page_behind(reader, since, limit, events.newest);
    if (page->changes.empty()) return;
    kept_.push_front({since, limit, events.newest, page});
    if (kept_.size() > kMostPages) kept_.pop_back();
  });
  return page;
}

}  // namespace cairn::gateway
