#include "services/gateway/panoramax/stac.hpp"

#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/annotation_json.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/accounts.hpp"
#include "services/store/published.hpp"
#include "services/store/sequences.hpp"
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
  if (camera.focal_mm) orientation["focal_length"] = *camera.focal_mm;
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
  if (camera.focal_mm) strings["focal_length"] = json(*camera.focal_mm).dump();
  if (const auto fov = field_of_view_deg(camera)) strings["field_of_view"] = std::to_string(*fov);
  summaries["pers:interior_orientation"] = json::array({strings});
  if (const auto density = pixel_density(camera)) summaries["panoramax:horizontal_pixel_density"] = json::array({*density});
  return summaries;
}

constexpr double kNormal95 = 1.96;          // of one sigma
constexpr double kUnstatedAccuracy_m = 5;   // of a receiver that says nothing

std::optional<double> accuracy_m(const store::FrameRow& frame) {
  return frame.verdict ? std::optional{frame.verdict->pose.accuracy_m} : frame.capture.fix.accuracy_m;
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
  return {{"href", href}, {"type", "image/jpeg"}, {"roles", json::array({role})}, {"title", title}, {"description", title}};
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
      {"license", context_.options.licence_id},
      {"created", stac_time(sequence.created_at)},
      {"updated", stac_time(sequence.updated_at)},
      {"geovisio:status", sequence.state == store::SequenceState::ready ? "ready" : "waiting-for-process"},
      {"geovisio:visibility", sequence.shown_to},
      {"geovisio:sorted-by", sequence.sorted_by},
      {"geovisio:upload-software", upload_software(set ? set->user_agent : "")},
      {"geovisio:length_km", rounded(sequence.length_m / 1000, 1000)},
      {"providers", producers(sequence.account, name_of_account(sequence.account))},
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
                   {{"rel", "license"}, {"href", context_.options.licence_url}, {"title", "Licence " + context_.options.licence_id}},
                   link("upload_set", kJson, url("/api/upload_sets/" + sequence.upload_set.text()), "Upload set")};
  return body;
}

json StacWriter::properties_of(const store::FrameRow& frame) {
  const auto picture = url("/api/pictures/" + frame.id.text());
  const auto& camera = frame.capture.camera;
  const auto& known = facts_.at(frame.id);
  json properties{{"datetime", stac_time(frame.taken_at)},
                  {"datetimetz", stac_time(frame.taken_at)},
                  {"license", context_.options.licence_id},
                  {"pers:interior_orientation", interior_orientation(camera)},
                  {"geovisio:status", has_picture_for(context_, frame) ? "ready" : "waiting-for-process"},
                  {"geovisio:visibility", frame.shown_to},
                  {"geovisio:producer", name_of_account(frame.account)},
                  {"geovisio:rank_in_collection", frame.shown_rank},
                  {"geovisio:image", picture + "/hd.jpg"},
                  {"geovisio:thumbnail", picture + "/thumb.jpg"},
                  {"original_file:name", as_utf8(frame.file_name)},
                  {"exif", json::object()},
                  {"created", stac_time(known.file.received_at)},
                  {"updated", stac_time(known.file.received_at)},
                  {"original_file:size", known.file.size},
                  {"semantics", semantics_json(known.tags)},
                  {"annotations", known.annotations},
                  {"collection", {{"semantics", known.semantics_of_collection}}}};
  if (frame.heading_deg) properties["view:azimuth"] = rounded(*frame.heading_deg, 10);
  if (const auto pitch = frame.stated.pitch_deg ? frame.stated.pitch_deg : frame.capture.pitch_deg) properties["pers:pitch"] = *pitch;
  if (const auto roll = frame.stated.roll_deg ? frame.stated.roll_deg : frame.capture.roll_deg) properties["pers:roll"] = *roll;
  if (const auto density = pixel_density(camera)) properties["panoramax:horizontal_pixel_density"] = *density;
  if (const auto accuracy = accuracy_m(frame)) properties["quality:horizontal_accuracy"] = rounded(*accuracy, 10);
  if (frame.verdict) properties["cairn:verdict"] = verdict_json(*frame.verdict);
  return properties;
}

void StacWriter::look_up(const std::vector<store::FrameRow>& frames) {
  std::vector<FrameId> ids;
  std::vector<FileId> files;
  std::vector<std::string> subjects;
  for (const auto& frame : frames) {
    ids.push_back(frame.id);
    files.push_back(frame.file);
    subjects.push_back(frame.id.text());
    if (frame.sequence && (subjects.size() < 2 || *(subjects.end() - 2) != frame.sequence->text())) subjects.push_back(frame.sequence->text());
  }
  const auto facts = store::facts_of_files(context_.catalogue, files);
  const auto annotations = store::annotations_of(context_.catalogue, ids);
  for (const auto& [id, list] : annotations) {
    for (const auto& annotation : list) subjects.push_back(annotation.id.text());
  }
  const auto tags = store::tags_of(context_.catalogue, subjects);
  const auto tags_about = [&](const std::string& subject) { return tags.contains(subject) ? tags.at(subject) : std::vector<store::Tag>{}; };
  for (const auto& frame : frames) {
    auto& known = facts_[frame.id];
    if (facts.contains(frame.file)) known.file = facts.at(frame.file);
    known.tags = tags_about(frame.id.text());
    if (frame.sequence) known.semantics_of_collection = semantics_json(tags_about(frame.sequence->text()));
    if (!annotations.contains(frame.id)) continue;
    for (const auto& annotation : annotations.at(frame.id)) known.annotations.push_back(annotation_json(annotation, tags_about(annotation.id.text())));
  }
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
  search.viewer = viewer_of(context_);
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

std::optional<store::FrameRow> StacWriter::nearest(const store::FrameRow& frame, int direction) {
  store::FrameSearch search;
  search.viewer = viewer_of(context_);
  search.sequences = {*frame.sequence};
  search.by_shown_rank = frame.shown_rank != frame.rank;
  (direction > 0 ? search.after_rank : search.before_rank) = frame.shown_rank;
  search.order = direction > 0 ? store::FrameSearch::Order::rank : store::FrameSearch::Order::rank_descending;
  search.limit = 1;
  auto frames = store::search_frames(context_.catalogue, search);
  return frames.empty() ? std::nullopt : std::optional{std::move(frames.front())};
}

json StacWriter::item_with_neighbours(const store::FrameRow& frame) {
  look_up({frame});
  auto body = item(frame);
  if (!frame.sequence || frame.rank == 0) return body;
  if (const auto next = nearest(frame, +1)) body["links"].push_back(neighbour("next", *next, false));
  if (const auto previous = nearest(frame, -1)) body["links"].push_back(neighbour("prev", *previous, false));
  add_related(frame, body["links"]);
  return body;
}

json StacWriter::feature_collection(const std::vector<store::FrameRow>& frames, json links) {
  look_up(frames);
  auto features = json::array();
  for (const auto& frame : frames) features.push_back(item(frame));
  return {{"type", "FeatureCollection"}, {"features", std::move(features)}, {"links", std::move(links)}};
}

}  // namespace cairn::gateway
