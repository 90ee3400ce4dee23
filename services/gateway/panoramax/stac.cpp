#include "services/gateway/panoramax/stac.hpp"

#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/store/accounts.hpp"
#include "services/store/uploads.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr double kRelatedWithin_m = 15;
constexpr double kRelatedTurn_deg = 100;

json rounded(double value, double steps) { return std::round(value * steps) / steps; }

json interior_orientation(const Camera& camera) {
  json orientation = json::object();
  if (!camera.make.empty()) orientation["camera_manufacturer"] = as_utf8(camera.make);
  if (!camera.model.empty()) orientation["camera_model"] = as_utf8(camera.model);
  if (const auto fov = field_of_view_deg(camera)) orientation["field_of_view"] = *fov;
  if (camera.width_px > 0) orientation["sensor_array_dimensions"] = {camera.width_px, camera.height_px};
  return orientation;
}

/// Pixels per degree, the measure of Panoramax.
std::optional<int> pixel_density(const Camera& camera) {
  const auto fov = field_of_view_deg(camera);
  if (!fov || *fov == 0 || camera.width_px == 0) return std::nullopt;
  return static_cast<int>(std::lround(static_cast<double>(camera.width_px) / *fov));
}

json summaries_of(const std::optional<store::FrameRow>& first) {
  json summaries = json::object();
  if (!first) return summaries;
  const auto& camera = first->capture.camera;
  json strings = json::object();
  if (!camera.make.empty()) strings["make"] = as_utf8(camera.make);
  if (!camera.model.empty()) strings["model"] = as_utf8(camera.model);
  if (const auto fov = field_of_view_deg(camera)) strings["field_of_view"] = std::to_string(*fov);
  summaries["pers:interior_orientation"] = json::array({strings});
  if (const auto density = pixel_density(camera)) summaries["panoramax:horizontal_pixel_density"] = json::array({*density});
  return summaries;
}

json verdict_json(const FrameVerdict& verdict) {
  json values = json::object();
  for (const auto& [name, value] : verdict.values) values[name] = value;
  return {{"accepted", verdict.accepted()},
          {"trust", verdict.trust},
          {"quality", verdict.quality},
          {"accuracy_m", verdict.pose.accuracy_m},
          {"speed_mps", verdict.pose.speed_mps},
          {"values", values}};
}

json producers(AccountId id, const std::string& name) {
  const json producer{{"id", id.text()}, {"name", name}, {"roles", json::array({"producer"})}};
  return json::array({producer});
}

json asset(const std::string& href, std::string_view role, std::string_view title) {
  return {{"href", href}, {"type", "image/jpeg"}, {"roles", json::array({role})}, {"title", title}};
}

}  // namespace

std::optional<int> field_of_view_deg(const Camera& camera) {
  if (camera.projection == Projection::equirectangular) return 360;
  if (!camera.focal_px || *camera.focal_px <= 0 || camera.width_px <= 0) return std::nullopt;
  const double half = std::atan(camera.width_px / (2 * *camera.focal_px));
  return static_cast<int>(std::lround(2 * half * 180 / std::numbers::pi));
}

std::string_view upload_software(std::string_view user_agent) {
  const auto name = lower_case(user_agent.substr(0, user_agent.find('/')));
  if (name.empty()) return "unknown";
  if (name == "geovisiocli" || name == "panoramaxcli") return "cli";
  if (name == "geovisiowebsite") return "website";
  return name == "panoramaxapp" ? "mobile_app" : "other";
}

const std::string& StacWriter::name_of_account(AccountId id) {
  const auto [found, is_new] = account_names_.try_emplace(id);
  if (is_new) {
    const auto account = store::find_account(context_.catalogue, id);
    found->second = account ? as_utf8(account->name) : id.text();
  }
  return found->second;
}

json StacWriter::collection(const store::SequenceRow& sequence, bool with_camera) {
  const auto id = sequence.id.text();
  const auto set = store::find_upload_set(context_.catalogue, sequence.upload_set);
  const auto& sw = sequence.south_west;
  const auto& ne = sequence.north_east;
  json body{
      {"type", "Collection"},
      {"stac_version", "1.0.0"},
      {"stac_extensions", {"https://stac-extensions.github.io/stats/v0.2.0/schema.json", "https://stac.linz.govt.nz/v0.0.15/quality/schema.json"}},
      {"id", id},
      {"title", sequence.title},
      {"description", "Pictures with place and time, in the order in which they were taken"},
      {"keywords", {"pictures", sequence.title}},
      {"license", context_.options.licence_id},
      {"created", stac_time(sequence.created_at)},
      {"updated", stac_time(sequence.updated_at)},
      {"geovisio:status", sequence.state == store::SequenceState::ready ? "ready" : "waiting-for-process"},
      {"geovisio:visibility", set ? set->visibility : "anyone"},
      {"geovisio:sorted-by", "+gpsdate"},
      {"geovisio:upload-software", upload_software(set ? set->user_agent : "")},
      {"geovisio:length_km", rounded(sequence.length_m / 1000, 1000)},
      {"providers", producers(sequence.account, name_of_account(sequence.account))},
      {"extent",
       {{"spatial", {{"bbox", json::array({json::array({sw.lon_deg(), sw.lat_deg(), ne.lon_deg(), ne.lat_deg()})})}}},
        {"temporal", {{"interval", json::array({json::array({stac_time(sequence.first_taken_at), stac_time(sequence.last_taken_at)})})}}}}},
      {"stats:items", {{"count", sequence.state == store::SequenceState::ready ? sequence.accepted : sequence.frames}}},
      {"semantics", json::array()},
      {"summaries", summaries_of(with_camera ? store::first_published_frame(context_.catalogue, sequence.id) : std::nullopt)}};
  body["links"] = {link("items", kGeoJson, url("/api/collections/" + id + "/items"), "Pictures of this sequence"),
                   link("parent", kJson, url("/api"), "Catalogue"),
                   link("root", kJson, url("/api"), "Catalogue"),
                   link("self", kJson, url("/api/collections/" + id), "This sequence"),
                   {{"rel", "license"}, {"href", context_.options.licence_url}, {"title", "Licence " + context_.options.licence_id}},
                   link("upload_set", kJson, url("/api/upload_sets/" + sequence.upload_set.text()), "Upload set")};
  return body;
}

json StacWriter::properties_of(const store::FrameRow& frame) {
  const auto picture = url("/api/pictures/" + frame.id.text());
  const auto& camera = frame.capture.camera;
  const auto file = store::find_file(context_.catalogue, frame.file);
  json properties{{"datetime", stac_time(frame.taken_at)},
                  {"datetimetz", stac_time(frame.taken_at)},
                  {"license", context_.options.licence_id},
                  {"pers:interior_orientation", interior_orientation(camera)},
                  {"geovisio:status", frame.published ? "ready" : "waiting-for-process"},
                  {"geovisio:visibility", "anyone"},
                  {"geovisio:producer", name_of_account(frame.account)},
                  {"geovisio:rank_in_collection", frame.rank},
                  {"geovisio:image", picture + "/hd.jpg"},
                  {"geovisio:thumbnail", picture + "/thumb.jpg"},
                  {"original_file:name", as_utf8(frame.file_name)},
                  {"exif", json::object()},
                  {"semantics", json::array()},
                  {"annotations", json::array()},
                  {"collection", {{"semantics", json::array()}}}};
  if (file) {
    properties["created"] = properties["updated"] = stac_time(file->received_at);
    properties["original_file:size"] = file->size;
  }
  if (frame.heading_deg) properties["view:azimuth"] = rounded(*frame.heading_deg, 10);
  if (frame.capture.pitch_deg) properties["pers:pitch"] = *frame.capture.pitch_deg;
  if (frame.capture.roll_deg) properties["pers:roll"] = *frame.capture.roll_deg;
  if (const auto density = pixel_density(camera)) properties["panoramax:horizontal_pixel_density"] = *density;
  if (frame.verdict) {
    properties["quality:horizontal_accuracy"] = rounded(frame.verdict->pose.accuracy_m, 10);
    properties["cairn:verdict"] = verdict_json(*frame.verdict);
  } else if (frame.capture.fix.accuracy_m) {
    properties["quality:horizontal_accuracy"] = rounded(*frame.capture.fix.accuracy_m, 10);
  }
  return properties;
}

json StacWriter::item(const store::FrameRow& frame) {
  const auto id = frame.id.text();
  const auto collection = frame.sequence ? frame.sequence->text() : std::string{};
  const auto parent = url("/api/collections/" + collection);
  const auto picture = url("/api/pictures/" + id);
  const auto at = coordinates(frame.place);
  json body{{"type", "Feature"},
            {"stac_version", "1.0.0"},
            {"stac_extensions", {"https://stac-extensions.github.io/view/v1.0.0/schema.json", "https://stac-extensions.github.io/perspective-imagery/v1.0.0/schema.json"}},
            {"id", id},
            {"geometry", point(frame.place)},
            {"bbox", {at[0], at[1], at[0], at[1]}},
            {"collection", collection},
            {"providers", producers(frame.account, name_of_account(frame.account))},
            {"properties", properties_of(frame)}};
  body["links"] = {link("root", kJson, url("/api"), "Catalogue"),
                   link("parent", kJson, parent),
                   link("self", kGeoJson, parent + "/items/" + id),
                   link("collection", kJson, parent),
                   {{"rel", "license"}, {"href", context_.options.licence_url}, {"title", "Licence " + context_.options.licence_id}}};
  body["assets"] = {{"hd", asset(picture + "/hd.jpg", "data", "Full size")},
                    {"sd", asset(picture + "/sd.jpg", "visual", "At most 2048 pixels wide")},
                    {"thumb", asset(picture + "/thumb.jpg", "thumbnail", "At most 500 pixels wide")}};
  return body;
}

json StacWriter::neighbour(std::string_view rel, const store::FrameRow& frame, bool with_time) const {
  auto entry = link(rel, kGeoJson, url("/api/collections/" + frame.sequence->text() + "/items/" + frame.id.text()));
  entry["id"] = frame.id.text();
  entry["geometry"] = point(frame.place);
  if (with_time) entry["datetime"] = stac_time(frame.taken_at);
  return entry;
}

void StacWriter::add_related(const store::FrameRow& frame, json& links) {
  const auto low = moved(frame.place, {-kRelatedWithin_m, -kRelatedWithin_m});
  const auto high = moved(frame.place, {kRelatedWithin_m, kRelatedWithin_m});
  store::FrameSearch search;
  search.within = GeoBounds{low.lon_deg(), low.lat_deg(), high.lon_deg(), high.lat_deg()};
  search.limit = 500;
  auto near = store::search_frames(context_.catalogue, search);
  std::ranges::stable_sort(near, {}, [&](const auto& other) { return ground_distance_m(frame.place, other.place); });
  std::set<SequenceId> told{*frame.sequence};
  for (const auto& other : near) {
    const bool close = other.sequence && ground_distance_m(frame.place, other.place) <= kRelatedWithin_m;
    const bool alike = !frame.heading_deg || !other.heading_deg || std::abs(turn_deg(*frame.heading_deg, *other.heading_deg)) <= kRelatedTurn_deg;
    if (close && alike && told.insert(*other.sequence).second) links.push_back(neighbour("related", other, true));
  }
}

/// Looks at more and more ranks: nearly always the first one is published, and reading a frame costs 0.2 ms.
std::optional<store::FrameRow> StacWriter::nearest_published(const store::FrameRow& frame, int direction) {
  constexpr int kFarthest = 100'000;  // more than any sequence has
  for (int from = 1, to = 1; from < kFarthest; from = to + 1, to *= 4) {
    const int low = frame.rank + direction * (direction > 0 ? from : to);
    const int high = frame.rank + direction * (direction > 0 ? to : from);
    auto frames = store::frames_of_sequence(context_.catalogue, *frame.sequence, low, high);
    if (direction < 0) std::ranges::reverse(frames);
    const auto found = std::ranges::find_if(frames, &store::FrameRow::published);
    if (found != frames.end()) return *found;
    if (frames.empty()) return std::nullopt;  // ranks have no gaps: the sequence ends here
  }
  return std::nullopt;
}

json StacWriter::item_with_neighbours(const store::FrameRow& frame) {
  auto body = item(frame);
  if (!frame.sequence) return body;
  if (const auto next = nearest_published(frame, +1)) body["links"].push_back(neighbour("next", *next, false));
  if (const auto previous = nearest_published(frame, -1)) body["links"].push_back(neighbour("prev", *previous, false));
  add_related(frame, body["links"]);
  return body;
}

json StacWriter::feature_collection(const std::vector<store::FrameRow>& frames, json links) {
  auto features = json::array();
  for (const auto& frame : frames) features.push_back(item(frame));
  return {{"type", "FeatureCollection"}, {"features", std::move(features)}, {"links", std::move(links)}};
}

}  // namespace cairn::gateway
