// Frames as STAC items.

#include "core/picture_grid.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/annotation_json.hpp"
#include "services/gateway/panoramax/camera_json.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/store/accounts.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

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

json asset(const std::string& href, std::string_view role, std::string_view title) {
  return {{"href", href}, {"type", "image/jpeg"}, {"roles", json::array({role})}, {"title", title}, {"description", title}};
}

json tile_matrix_set(const store::FrameRow& frame) {
  const auto grid = picture_grid_of(frame.observation->width_px, frame.observation->height_px);
  const json matrix{{"type", "TileMatrixType"}, {"identifier", "0"}, {"scaleDenominator", 1}, {"topLeftCorner", {0, 0}}, {"tileWidth", grid.tile_width_px},
                    {"tileHeight", grid.tile_height_px}, {"matrixWidth", grid.columns}, {"matrixHeight", grid.rows}};
  return {{"type", "TileMatrixSetType"}, {"identifier", "geovisio-" + frame.id.text()}, {"title", "Tiles of picture " + frame.id.text()}, {"tileMatrix", json::array({matrix})}};
}

std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

const std::string& StacWriter::name_of_account(AccountId id) {
  const auto [found, is_new] = account_names_.try_emplace(id);
  if (is_new) {
    const auto account = store::find_account(context_.catalogue, id);
    found->second = account ? as_utf8(account->name) : id.text();
  }
  return found->second;
}

json StacWriter::producers(AccountId id) {
  const json producer{{"id", id.text()}, {"name", name_of_account(id)}, {"roles", json::array({"producer"})}};
  return json::array({producer});
}

std::optional<double> accuracy_m(const store::FrameRow& frame) {
  return frame.verdict ? std::optional{frame.verdict->pose.accuracy_m} : frame.capture.fix.accuracy_m;
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
  look_up_neighbours(frames);
}

json StacWriter::properties_of(const store::FrameRow& frame) {
  const auto picture = url("/api/pictures/" + frame.id.text());
  const auto& camera = frame.capture.camera;
  const auto& known = facts_.at(frame.id);
  json properties{{"datetime", stac_time(frame.taken_at)},
                  {"datetimetz", stac_time(frame.taken_at)},
                  {"license", context_.options.terms.licence_id},
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
  if (is_tiled(context_, frame)) properties["tiles:tile_matrix_sets"]["geovisio"] = tile_matrix_set(frame);
  if (frame.verdict) properties["cairn:verdict"] = verdict_json(*frame.verdict);
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
            {"providers", producers(frame.account)},
            {"properties", properties_of(frame)}};
  if (is_tiled(context_, frame)) body["stac_extensions"].push_back("https://stac-extensions.github.io/tiled-assets/v1.0.0/schema.json");
  body["links"] = {link("root", kJson, url("/api"), "Catalogue"),
                   link("parent", kJson, parent),
                   link("self", kGeoJson, parent + "/items/" + id),
                   link("collection", kJson, parent),
                   {{"rel", "license"}, {"href", context_.options.terms.licence_url}, {"title", "Licence " + context_.options.terms.licence_id}}};
  for (const auto& one : facts_.at(frame.id).neighbours) body["links"].push_back(one);
  body["assets"] = {{"hd", asset(picture + "/hd.jpg", "data", "Full size")},
                    {"sd", asset(picture + "/sd.jpg", "visual", "At most 2048 pixels wide")},
                    {"thumb", asset(picture + "/thumb.jpg", "thumbnail", "At most 500 pixels wide")}};
  if (is_tiled(context_, frame)) body["asset_templates"]["tiles"] = asset(picture + "/tiled/{TileCol}_{TileRow}.jpg", "data", "Full size, in tiles");
  return body;
}

Response StacWriter::feature_collection(const std::vector<store::FrameRow>& frames, const json& links) {
  look_up(frames);
  std::string text = R"({"features":[)";
  for (const auto& frame : frames) text += (text.back() == '[' ? "" : ",") + text_of(item(frame));
  Response response{200, std::string{kGeoJson}, {}, {}};
  response.body = text + R"(],"links":)" + text_of(links) + R"(,"type":"FeatureCollection"})";
  return response;
}

}  // namespace cairn::gateway
