// MapLibre styles: one for clients of the Panoramax API, one for any map that wants ours.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/static_files.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/shown.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

/// ["interpolate", ["linear"], <by>, stop, value, …]
json ramp(json by, std::initializer_list<json> stops) {
  auto expression = json::array({"interpolate", json::array({"linear"}), std::move(by)});
  for (const auto& stop : stops) expression.push_back(stop);
  return expression;
}
json zoom() { return json::array({"zoom"}); }
json get(const char* name) { return json::array({"get", name}); }

json layer(const char* id, const char* type, const char* source, const char* source_layer, json paint) {
  return {{"id", id}, {"type", type}, {"source", source}, {"source-layer", source_layer}, {"paint", std::move(paint)}};
}

json panoramax_layers() {
  constexpr const char* kColour = "#2f6fde";
  auto sequences = layer("geovisio_sequences", "line", "geovisio", "sequences",
                         {{"line-color", kColour}, {"line-width", ramp(zoom(), {6, 1, 12, 2, 16, 4})}, {"line-opacity", ramp(zoom(), {6, 0.3, 7, 1})}});
  sequences["layout"] = {{"line-cap", "round"}, {"line-join", "round"}};
  auto pictures = layer("geovisio_pictures", "circle", "geovisio", "pictures",
                        {{"circle-color", kColour}, {"circle-radius", ramp(zoom(), {15, 3, 18, 7})}, {"circle-stroke-color", "#ffffff"}, {"circle-stroke-width", 1}});
  pictures["minzoom"] = 15;
  auto grid = layer("geovisio_grid", "circle", "geovisio", "grid",
                    {{"circle-color", kColour}, {"circle-radius", ramp(get("coef"), {0, 2, 1, 8})}, {"circle-opacity", ramp(zoom(), {0, 0.8, 6, 0.8, 7, 0})}});
  grid["maxzoom"] = 7;
  return json::array({sequences, pictures, grid});
}

json panoramax_fields() {
  return {{"sequences", {"id", "account_id", "model", "type", "date", "gps_accuracy", "h_pixel_density"}},
          {"pictures", {"id", "account_id", "ts", "heading", "sequences", "type", "model", "gps_accuracy", "h_pixel_density", "first_sequence"}},
          {"grid",
           {"nb_pictures", "nb_360_pictures", "nb_flat_pictures", "coef", "coef_360_pictures", "coef_flat_pictures", "logged_coef",
            "logged_coef_360_pictures", "logged_coef_flat_pictures"}}};
}

/// The map's colours. Classes differ in lightness too, for those who see few colours.
struct MapTheme {
  const char* ground;
  const char* coverage;
  const char* drive;
  const char* edge;
  const char* sign;
  const char* traffic_light;
  const char* other;
  const char* text;
  const char* icon_ending;   ///< of icons that stand out from the colours of classes
};
constexpr MapTheme kLight{"#f0efea", "#31b57b", "#2f6fde", "#ffffff", "#e4572e", "#0f766e", "#7c5cff", "#33383f", ""};
constexpr MapTheme kDark{"#14181d", "#2fbf82", "#6ea2ff", "#0c0f13", "#ff8a5c", "#5eead4", "#b7a4ff", "#d7dde5", "-dark"};

/// One of three values by class.
json by_class(const std::string& sign, const std::string& traffic_light, const std::string& other) {
  return json::array({"match", get("class"), "sign", sign, "traffic_light", traffic_light, other});
}

json symbols(const char* id, const char* source_layer, double min_zoom, json layout, const MapTheme& theme) {
  auto symbols = layer(id, "symbol", "cairn", source_layer, {{"text-color", theme.text}, {"text-halo-color", theme.ground}, {"text-halo-width", 1.2}});
  symbols["minzoom"] = min_zoom;
  symbols["layout"] = std::move(layout);
  return symbols;
}

/// What needs the icons and letters that come with the map page.
json symbol_layers(const MapTheme& theme) {
  const std::string ending = theme.icon_ending;
  const auto font = json::array({"Noto Sans Regular"});
  return json::array({symbols("sequence-dates", "sequences", 15, {{"symbol-placement", "line"}, {"symbol-spacing", 400}, {"text-field", get("date")}, {"text-font", font}, {"text-size", 11}, {"text-offset", {0, 1}}}, theme),
                      symbols("feature-icons", "features", 15, {{"icon-image", by_class("sign" + ending, "traffic_light" + ending, "thing" + ending)}, {"icon-size", ramp(zoom(), {15, 0.5, 18, 0.9})}, {"icon-allow-overlap", true}}, theme),
                      symbols("feature-names", "features", 17.5, {{"text-field", by_class("Sign", "Traffic light", "Thing")}, {"text-font", font}, {"text-size", 11}, {"text-offset", {0, 1.3}}, {"text-anchor", "top"}, {"text-optional", true}}, theme)});
}

json map_layers(const MapTheme& theme) {
  json background{{"id", "background"}, {"type", "background"}, {"paint", {{"background-color", theme.ground}}}};
  auto frames = layer("frames", "circle", "cairn", "frames", {{"circle-color", theme.drive}, {"circle-radius", ramp(zoom(), {14, 2, 18, 6})}, {"circle-stroke-color", theme.edge}, {"circle-stroke-width", 0.8}});
  frames["minzoom"] = 14;
  return json::array({background,
                      layer("coverage", "circle", "cairn", "coverage", {{"circle-color", theme.coverage}, {"circle-opacity", 0.25}, {"circle-radius", ramp(zoom(), {0, 3, 14, 5})}}),
                      layer("sequences", "line", "cairn", "sequences", {{"line-color", theme.drive}, {"line-width", ramp(zoom(), {4, 1, 16, 4})}}), frames,
                      layer("features", "circle", "cairn", "features",
                            {{"circle-color", by_class(theme.sign, theme.traffic_light, theme.other)}, {"circle-radius", ramp(zoom(), {8, 2, 14, 4, 18, 10})}, {"circle-stroke-color", theme.edge}, {"circle-stroke-width", 1}})});
}

Response style_answer(const json& style) {
  auto response = json_response(200, style);
  response.headers.emplace_back("Cache-Control", "public, max-age=300");
  return response;
}

Response map_style(const Context& context, const MapTheme& theme) {
  const json source{{"type", "vector"}, {"url", context.base_url + "/tiles/map.json"}};
  json style{{"version", 8}, {"name", context.options.terms.title}, {"sources", {{"cairn", source}}}, {"layers", map_layers(theme)}};
  if (!context.pages.find("sprites/cairn.json")) return style_answer(style);
  style["sprite"] = context.base_url + "/sprites/cairn";
  style["glyphs"] = context.base_url + "/fonts/{fontstack}/{range}.pbf";
  for (auto& one : symbol_layers(theme)) style["layers"].push_back(std::move(one));
  return style_answer(style);
}

}  // namespace

Response show_panoramax_style(Request&, Context& context) {
  const json source{{"type", "vector"}, {"minzoom", 0}, {"maxzoom", 15}, {"tiles", json::array({context.base_url + "/api/map/{z}/{x}/{y}.mvt"})}};
  return style_answer({{"version", 8},
                       {"name", context.options.terms.title},
                       {"metadata", {{"panoramax:fields", panoramax_fields()}}},
                       {"sources", {{"geovisio", source}}},
                       {"layers", panoramax_layers()}});
}

Response show_user_style(Request& request, Context& context) {
  const auto account = requested_account(request, context);
  if (!account) return no_such_user();
  const auto name = "geovisio_" + account->id.text();
  const json source{{"type", "vector"}, {"minzoom", 0}, {"maxzoom", 15}, {"tiles", json::array({context.base_url + "/api/users/" + account->id.text() + "/map/{z}/{x}/{y}.mvt"})}};
  auto layers = json::array();
  for (auto& one : panoramax_layers()) {
    if (one["source-layer"] == "grid") continue;
    one["id"] = name + "_" + one["source-layer"].get<std::string>();
    one["source"] = name;
    layers.push_back(one);
  }
  auto fields = panoramax_fields();
  fields.erase("grid");
  return style_answer({{"version", 8}, {"name", context.options.terms.title}, {"metadata", {{"panoramax:fields", fields}}}, {"sources", {{name, source}}}, {"layers", layers}});
}

Response show_map_style(Request&, Context& context) { return map_style(context, kLight); }
Response show_dark_map_style(Request&, Context& context) { return map_style(context, kDark); }

}  // namespace cairn::gateway
