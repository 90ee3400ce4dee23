// Sequences, as Panoramax's clients read them: collections and their items.

#include "services/gateway/blob_answer.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

Response no_such_collection() { return error_response(404, "There is no such collection"); }

std::optional<store::SequenceRow> requested_sequence(const Request& request, Context& context) {
  const auto id = SequenceId::parse(request.parameter("collection"));
  return id ? store::find_sequence(context.catalogue, *id) : std::nullopt;
}

/// "micros_id": where the next page starts.
std::string page_mark(const store::SequenceRow& last) { return std::to_string(micros_of(last.created_at)) + "_" + last.id.text(); }

std::optional<std::pair<UtcTime, SequenceId>> page_from(std::string_view mark) {
  const auto cut = mark.find('_');
  if (cut == std::string_view::npos) return std::nullopt;
  const auto micros = whole_from(mark.substr(0, cut));
  const auto id = SequenceId::parse(mark.substr(cut + 1));
  if (!micros || !id) return std::nullopt;
  return std::pair{time_from_micros(*micros), *id};
}

/// Fills the page from the query; the sentence about what is wrong, or nothing.
std::optional<std::string> read_page(const Request& request, store::SequencePage& page) {
  const auto limit = limit_from(request.query_value("limit"), 100, 1000);
  if (!limit) return "limit must be a whole number from 1 to 1000";
  page.limit = *limit;
  if (const auto text = request.query_value("bbox")) {
    const auto box = box_from(*text);
    if (!box) return "bbox must be west,south,east,north in degrees";
    page.within = GeoBounds{(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  }
  if (const auto text = request.query_value("datetime")) {
    const auto span = time_span_from(*text);
    if (!span) return "datetime must be an RFC 3339 time, or two apart by a slash";
    page.taken_after = span->after;
    page.taken_before = span->before;
  }
  if (const auto mark = request.query_value("page")) {
    page.after = page_from(*mark);
    if (!page.after) return "page must come from a link of an earlier answer";
  }
  return std::nullopt;
}

std::string_view status_of(const store::FrameRow& frame) {
  if (frame.published) return "ready";
  return frame.refusal ? "broken" : "waiting-for-process";
}

}  // namespace

Response list_collections(Request& request, Context& context) {
  store::SequencePage page;
  if (const auto problem = read_page(request, page)) return error_response(400, *problem);
  const auto sequences = store::list_sequences(context.catalogue, page);
  StacWriter writer{context};
  auto collections = json::array();
  for (const auto& sequence : sequences) collections.push_back(writer.collection(sequence, false));

  const auto url = context.base_url + "/api/collections";
  auto links = json::array({link("root", kJson, context.base_url + "/api"), link("parent", kJson, context.base_url + "/api"), link("self", kJson, url)});
  if (static_cast<int>(sequences.size()) == page.limit) {
    std::string next = url + "?limit=" + std::to_string(page.limit) + "&page=" + percent_encoded(page_mark(sequences.back()));
    for (const char* name : {"bbox", "datetime"}) {
      if (const auto value = request.query_value(name)) next += std::string{"&"} + name + "=" + percent_encoded(*value);
    }
    links.push_back(link("next", kJson, next));
  }
  return json_response(200, {{"collections", collections}, {"links", links}});
}

Response show_collection(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  return sequence ? json_response(200, StacWriter{context}.collection(*sequence, true)) : no_such_collection();
}

Response list_items(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  const auto limit = limit_from(request.query_value("limit"), 1000, 10'000);
  if (!limit) return error_response(400, "limit must be a whole number from 1 to 10000");
  const auto after = whole_from(request.query_value("startAfterRank").value_or("0"));
  if (!after || *after < 0 || *after > 1'000'000'000) return error_response(400, "startAfterRank must be a whole number from 0");

  auto frames = store::frames_of_sequence(context.catalogue, sequence->id, static_cast<int>(*after) + 1, 2'000'000'000);
  std::erase_if(frames, [](const auto& frame) { return !frame.published; });
  const bool more = frames.size() > static_cast<std::size_t>(*limit);
  if (more) frames.resize(static_cast<std::size_t>(*limit));

  const auto collection = context.base_url + "/api/collections/" + sequence->id.text();
  const auto items = collection + "/items?limit=" + std::to_string(*limit);
  auto links = json::array({link("root", kJson, context.base_url + "/api"), link("parent", kJson, collection), link("self", kGeoJson, collection + "/items")});
  if (*after > 0) links.push_back(link("first", kGeoJson, items));
  if (more) links.push_back(link("next", kGeoJson, items + "&startAfterRank=" + std::to_string(frames.back().rank)));
  return json_response(200, StacWriter{context}.feature_collection(frames, links), std::string{kGeoJson});
}

Response show_collection_status(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  if (!sequence) return no_such_collection();
  auto items = json::array();
  for (const auto& frame : store::frames_of_sequence(context.catalogue, sequence->id)) {
    items.push_back({{"id", frame.id.text()}, {"rank", frame.rank}, {"status", status_of(frame)}});
    items.back()["processing_in_progress"] = !frame.published && !frame.refusal;
    items.back()["nb_errors"] = frame.refusal ? 1 : 0;
    if (frame.refusal) items.back()["process_error"] = message_of(*frame.refusal);
  }
  const bool ready = sequence->state == store::SequenceState::ready;
  return json_response(200, {{"status", ready ? "ready" : "waiting-for-process"}, {"items", items}});
}

Response show_collection_thumb(Request& request, Context& context) {
  const auto sequence = requested_sequence(request, context);
  const auto frame = sequence ? store::first_published_frame(context.catalogue, sequence->id) : std::nullopt;
  if (!frame || !frame->thumb) return no_such_collection();
  return blob_answer(request, context, *frame->thumb, "image/jpeg");
}

}  // namespace cairn::gateway
