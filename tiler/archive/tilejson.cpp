#include "tiler/archive/tilejson.hpp"

#include "tiler/layers.hpp"
#include "tiler/rollup.hpp"
#include "tiler/text_form.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace cairn::tiler {
namespace {

using Json = nlohmann::ordered_json;

Json layer(const char* id, const char* description, int min_zoom, int max_zoom, Json fields) {
  return {{"id", id}, {"description", description}, {"minzoom", min_zoom}, {"maxzoom", max_zoom}, {"fields", std::move(fields)}};
}

Json map_layers() {
  return Json::array({
      layer("features", "Things that contributors' cameras saw: signs, lights and more", 0, 14,
            {{"id", "String"}, {"class", "String"}, {"state", "String"}, {"existence", "Number"}, {"accuracy_m", "Number"},
             {"facing", "Number"}, {"first_seen", "String"}, {"last_seen", "String"}, {"views", "Number"}, {"contributors", "Number"}}),
      layer("coverage", "Road that was seen: when last and how often", 0, 14,
            {{"octant", "Number"}, {"last_seen", "String"}, {"passes", "Number"}, {"cells", "Number"}}),
      layer("sequences", "The ways that cameras went", kLinesFromZoom, 14,
            {{"id", "String"}, {"account", "String"}, {"date", "String"}, {"type", "String"}, {"accuracy_m", "Number"}}),
      layer("frames", "Single pictures", 14, 14,
            {{"id", "String"}, {"sequence", "String"}, {"ts", "String"}, {"heading", "Number"}, {"accuracy", "Number"}, {"quality", "Number"}}),
  });
}

Json panoramax_layers() {
  Json grid;
  for (const auto* name : {"nb_pictures", "nb_360_pictures", "nb_flat_pictures", "coef", "coef_360_pictures", "coef_flat_pictures",
                           "logged_coef", "logged_coef_360_pictures", "logged_coef_flat_pictures"}) {
    grid[name] = "Number";
  }
  return Json::array({
      layer("grid", "How many pictures lie in a cell", 0, kGridToZoom, std::move(grid)),
      layer("sequences", "The ways that cameras went", kLinesFromZoom, 15,
            {{"id", "String"}, {"account_id", "String"}, {"model", "String"}, {"type", "String"}, {"date", "String"},
             {"gps_accuracy", "Number"}, {"h_pixel_density", "Number"}}),
      layer("pictures", "Single pictures", 15, 15,
            {{"id", "String"}, {"account_id", "String"}, {"ts", "String"}, {"heading", "Number"}, {"type", "String"}, {"model", "String"},
             {"gps_accuracy", "Number"}, {"h_pixel_density", "Number"}, {"sequences", "String"}, {"first_sequence", "String"}}),
  });
}

Json layers_of(TileSet set) {
  switch (set) {
    case TileSet::map: return map_layers();
    case TileSet::panoramax: return panoramax_layers();
    case TileSet::coverage: break;
  }
  return Json::array();
}

Json legend_of_coverage() {
  auto legend = Json::array();
  for (const auto& [colour, first_day] : coverage_legend()) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x", colour[0], colour[1], colour[2]);
    legend.push_back({{"colour", text.data()}, {"from", date_text(first_day)}});
  }
  return legend;
}

double rounded(double deg) { return std::floor(deg * 1e7 + 0.5) / 1e7; }

int zoom_that_shows(const GeoBounds& bounds, int most) {
  int zoom = 0;
  while (zoom < most && 360.0 / std::exp2(zoom + 1) >= bounds.east_deg - bounds.west_deg) ++zoom;
  return zoom;
}

}  // namespace

std::string vector_layers_json(TileSet set) { return layers_of(set).dump(); }

std::string legend_json(TileSet set) { return set == TileSet::coverage ? legend_of_coverage().dump() : std::string{}; }

std::string tilejson(TileSet set, const TileJsonInfo& info) {
  const auto& b = info.bounds;
  Json document{
      {"tilejson", "3.0.0"},
      {"name", info.name.empty() ? std::string{name_of(set)} : info.name},
      {"attribution", info.attribution},
      {"scheme", "xyz"},
      {"tiles", info.tile_urls},
      {"minzoom", 0},
      {"maxzoom", base_zoom_of(set)},
      {"bounds", {rounded(b.west_deg), rounded(b.south_deg), rounded(b.east_deg), rounded(b.north_deg)}},
      {"center", {rounded((b.west_deg + b.east_deg) / 2), rounded((b.south_deg + b.north_deg) / 2), zoom_that_shows(b, base_zoom_of(set))}}};
  if (format_of(set) == TileFormat::mvt) document["vector_layers"] = layers_of(set);
  if (set == TileSet::coverage) document["cairn_legend"] = legend_of_coverage();
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string tilejson(const ArchiveFacts& facts, const std::string& tile_url) {
  const auto& b = facts.bounds;
  Json document{{"tilejson", "3.0.0"},
                {"name", facts.name},
                {"description", facts.description},
                {"attribution", facts.attribution},
                {"scheme", "xyz"},
                {"tiles", {tile_url}},
                {"minzoom", facts.min_zoom},
                {"maxzoom", facts.max_zoom},
                {"bounds", {rounded(b.west_deg), rounded(b.south_deg), rounded(b.east_deg), rounded(b.north_deg)}},
                {"center", {rounded(facts.centre_lon_deg), rounded(facts.centre_lat_deg), facts.centre_zoom}}};
  if (facts.format == TileFormat::mvt) document["vector_layers"] = Json::parse(facts.vector_layers_json);
  if (!facts.legend_json.empty()) document["cairn_legend"] = Json::parse(facts.legend_json);
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

GeoBounds bounds_around(const std::vector<TileId>& tiles) {
  if (tiles.empty()) return {-180, -85.0511, 180, 85.0511};
  auto box = bounds_of(tiles.front());
  for (const auto tile : tiles) {
    const auto more = bounds_of(tile);
    box = {std::min(box.west_deg, more.west_deg), std::min(box.south_deg, more.south_deg), std::max(box.east_deg, more.east_deg),
           std::max(box.north_deg, more.north_deg)};
  }
  return box;
}

}  // namespace cairn::tiler
