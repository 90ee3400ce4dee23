// Sequences as STAC collections.

#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/camera_json.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/store/published.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr double kNormal95 = 1.96;          // of one sigma
constexpr double kUnstatedAccuracy_m = 5;   // of a receiver that says nothing

json summaries_of(const std::optional<store::FrameRow>& first) {
  json summaries = json::object();
  if (!first) return summaries;
  const auto& camera = first->capture.camera;
  summaries["pers:interior_orientation"] = json::array({summary_of(camera)});
  if (const auto density = pixel_density(camera)) summaries["panoramax:horizontal_pixel_density"] = json::array({*density});
  return summaries;
}

/// The whole globe and all of time until there is a picture.
json extent_of(const store::SequenceRow& sequence) {
  auto box = json::array({-180.0, -90.0, 180.0, 90.0});
  auto interval = json::array({nullptr, nullptr});
  if (sequence.frames > 0) {
    const auto& sw = sequence.south_west;
    const auto& ne = sequence.north_east;
    box = json::array({sw.lon_deg(), sw.lat_deg(), ne.lon_deg(), ne.lat_deg()});
    interval = json::array({stac_time(sequence.first_taken_at), stac_time(sequence.last_taken_at)});
  }
  return {{"spatial", {{"bbox", json::array({box})}}}, {"temporal", {{"interval", json::array({interval})}}}};
}

}  // namespace

std::string_view upload_software(std::string_view user_agent) {
  const auto name = lower_case(user_agent.substr(0, user_agent.find('/')));
  if (name.empty()) return "unknown";
  if (name == "geovisiocli" || name == "panoramaxcli") return "cli";
  if (name == "geovisiowebsite") return "website";
  return name == "panoramaxapp" ? "mobile_app" : "other";
}

/// Clients of the older path number the next picture by this count: there it tells what was received.
int StacWriter::count_of(const store::SequenceRow& sequence, const std::optional<store::UploadSet>& set) {
  if (set && set->one_sequence == sequence.id && sequence.state != store::SequenceState::ready) {
    const auto files = store::file_counts(context_.catalogue, set->id);
    return files.received + files.decoded;
  }
  return sequence.state == store::SequenceState::ready ? sequence.accepted : sequence.frames;
}

json StacWriter::collection(const store::SequenceRow& sequence) {
  const auto id = sequence.id.text();
  const auto set = store::find_upload_set(context_.catalogue, sequence.upload_set);
  const auto first = store::first_published_frame(context_.catalogue, sequence.id);
  json body{
      {"type", "Collection"},
      {"stac_version", "1.0.0"},
      {"stac_extensions", {"https://stac-extensions.github.io/stats/v0.2.0/schema.json", "https://stac.linz.govt.nz/v0.0.15/quality/schema.json"}},
      {"id", id},
      {"title", sequence.title},
      {"description", "Pictures with place and time, in the order in which they were taken"},
      {"keywords", {"pictures", sequence.title}},
      {"license", context_.options.terms.licence_id},
      {"created", stac_time(sequence.created_at)},
      {"updated", stac_time(sequence.updated_at)},
      {"geovisio:status", sequence.state == store::SequenceState::ready ? "ready" : "waiting-for-process"},
      {"geovisio:visibility", sequence.shown_to},
      {"geovisio:sorted-by", sequence.sorted_by},
      {"geovisio:upload-software", upload_software(set ? set->user_agent : "")},
      {"geovisio:length_km", rounded(sequence.length_m / 1000, 1000)},
      {"providers", producers(sequence.account)},
      {"extent", extent_of(sequence)},
      {"stats:items", {{"count", count_of(sequence, set)}}},
      {"semantics", semantics_json(store::tags_of(context_.catalogue, id))},
      {"summaries", summaries_of(first)}};
  if (first) {
    body["quality:horizontal_accuracy"] = rounded(kNormal95 * accuracy_m(*first).value_or(kUnstatedAccuracy_m), 10);
    body["quality:horizontal_accuracy_type"] = "95% confidence interval";
  }
  body["links"] = {link("items", kGeoJson, url("/api/collections/" + id + "/items"), "Pictures of this sequence"),
                   link("parent", kJson, url("/api"), "Catalogue"),
                   link("root", kJson, url("/api"), "Catalogue"),
                   link("self", kJson, url("/api/collections/" + id), "This sequence"),
                   {{"rel", "license"}, {"href", context_.options.terms.licence_url}, {"title", "Licence " + context_.options.terms.licence_id}},
                   link("upload_set", kJson, url("/api/upload_sets/" + sequence.upload_set.text()), "Upload set")};
  return body;
}

}  // namespace cairn::gateway
