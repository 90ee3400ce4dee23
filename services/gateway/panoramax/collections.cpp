// Sequences, as Panoramax's clients read them: collections and their items.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/collections_page.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/store/published.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

/// Its frames that the caller may see, in the order in which its owner shows them.
store::FrameSearch items_of(const store::SequenceRow& sequence, const Context& context) {
  store::FrameSearch search;
  search.viewer = viewer_of(context);
  search.sequences = {sequence.id};
  search.by_shown_rank = sequence.sorted_by != "+gpsdate";
  search.order = store::FrameSearch::Order::rank;
  return search;
}

/// Behind which rank a page of items begins: as asked, or so that a picture is on it. The sentence about what is wrong, or nothing.
std::optional<std::string> read_start(const Request& request, Context& context, const store::SequenceRow& sequence, int limit, store::FrameSearch& search) {
  const auto after = whole_from(request.query_value("startAfterRank").value_or("0"));
  if (!after || *after < 0 || *after > 1'000'000'000) return "startAfterRank must be a whole number from 0";
  search.after_rank = static_cast<int>(*after);
  const auto text = request.query_value("withPicture");
  if (!text) return std::nullopt;
  const auto id = FrameId::parse(*text);
  const auto frame = id ? store::find_frame(context.catalogue, *id) : std::nullopt;
  if (!frame || frame->sequence != sequence.id) return "withPicture must be the id of a picture of this collection";
  search.after_rank = (frame->shown_rank - 1) / limit * limit;
  return std::nullopt;
}

/// `next_after`: the rank of the page's last item when more comes behind it, else 0.
json links_around(const Context& context, const store::SequenceRow& sequence, int limit, int after, int next_after) {
  const auto collection = context.base_url + "/api/collections/" + sequence.id.text();
  const auto items = collection + "/items?limit=" + std::to_string(limit);
  const auto from_rank = [&](const char* rel, int rank) { return link(rel, kGeoJson, items + (rank > 0 ? "&startAfterRank=" + std::to_string(rank) : "")); };
  auto links = json::array({link("root", kJson, context.base_url + "/api"), link("parent", kJson, collection), link("self", kGeoJson, collection + "/items")});
  if (after > 0) links.push_back(from_rank("first", 0));
  if (after > 0) links.push_back(from_rank("prev", std::max(0, after - limit)));
  if (next_after > 0) links.push_back(from_rank("next", next_after));
  if (next_after > 0) links.push_back(from_rank("last", std::max(0, (sequence.frames - 1) / limit * limit)));
  return links;
}

std::string_view status_of(const store::FrameRow& frame) {
  if (frame.published) return "ready";
  return frame.refusal ? "broken" : "waiting-for-process";
}

}  // namespace

Response list_collections(Request& request, Context& context) {
  store::SequencePage page;
  if (const auto problem = read_page(request, context, page)) return error_response(400, *problem);
  const bool as_feed = request.query_value("format").value_or("json") == "rss";
  if (as_feed && !request.query_value("sortby")) page.descending = true;
  const auto sequences = store::list_sequences(context.catalogue, page);
  if (as_feed) return rss_response(context, sequences);
  StacWriter writer{context};
  auto collections = json::array();
  for (const auto& sequence : sequences) {
    const bool gone = sequence.deleted_at || !may_see(context, sequence.shown_to, sequence.account);
    collections.push_back(gone ? json{{"id", sequence.id.text()}, {"geovisio:status", "deleted"}} : writer.collection(sequence));
  }
  const auto url = context.base_url + "/api/collections";
  auto links = json::array({link("root", kJson, context.base_url + "/api"), link("parent", kJson, context.base_url + "/api"), link("self", kJson, url),
                            link(kQueryables, "application/schema+json", url + "/queryables")});
  for (auto& one : page_links(request, url, page, sequences)) links.push_back(std::move(one));
  return json_response(200, {{"collections", collections}, {"links", links}});
}

Response show_collection(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  return sequence ? json_response(200, StacWriter{context}.collection(*sequence)) : no_such_collection();
}

Response list_items(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  auto search = items_of(*sequence, context);
  const auto limit = limit_from(request.query_value("limit"), 1000, 10'000);
  if (!limit) return error_response(400, "limit must be a whole number from 1 to 10000");
  if (const auto problem = read_start(request, context, *sequence, *limit, search)) return error_response(400, *problem);
  search.limit = *limit + 1;
  auto frames = store::search_frames(context.catalogue, search);
  const bool more = frames.size() > static_cast<std::size_t>(*limit);
  if (more) frames.resize(static_cast<std::size_t>(*limit));
  const int next_after = more ? frames.back().shown_rank : 0;
  return StacWriter{context}.feature_collection(frames, links_around(context, *sequence, *limit, *search.after_rank, next_after));
}

Response show_collection_status(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  auto items = json::array();
  for (const auto& frame : store::frames_of_sequence(context.catalogue, sequence->id)) {
    if (store::is_withdrawn(frame)) continue;
    if (!may_see(context, frame.shown_to, frame.account)) continue;
    items.push_back({{"id", frame.id.text()}, {"rank", frame.shown_rank}, {"status", status_of(frame)}});
    items.back()["processing_in_progress"] = !frame.published && !frame.refusal;
    items.back()["nb_errors"] = frame.refusal ? 1 : 0;
    if (frame.refusal) items.back()["process_error"] = message_of(*frame.refusal);
  }
  const bool ready = sequence->state == store::SequenceState::ready;
  return json_response(200, {{"status", ready ? "ready" : "waiting-for-process"}, {"items", items}});
}

Response show_collection_thumb(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  auto search = items_of(*sequence, context);
  search.limit = 1;
  const auto frames = store::search_frames(context.catalogue, search);
  if (frames.empty() || !frames.front().thumb) return error_response(404, "This collection has no picture to show yet");
  request.parameters = {{"picture", frames.front().id.text()}, {"size", "thumb.jpg"}};
  return show_picture_file(request, context);
}

}  // namespace cairn::gateway
