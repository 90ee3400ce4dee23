// MapLibre styles: one for clients of the Panoramax API, one for any map that wants ours.

#include "services/gateway/endpoints.hpp"
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

/// A colour per class that differs in lightness too, for those who see few colours.
json feature_colour() {
  return json::array({"match", get("class"), "sign", "#e4572e", "traffic_light", "#17a398", "#7c5cff"});
}

json map_layers() {
  json background{{"id", "background"}, {"type", "background"}, {"paint", {{"background-color", "#f3f2ee"}}}};
  auto frames = layer("frames", "circle", "cairn", "frames", {{"circle-color", "#2f6fde"}, {"circle-radius", ramp(zoom(), {14, 2, 18, 6})}});
  frames["minzoom"] = 14;
  return json::array({background,
                      layer("coverage", "circle", "cairn", "coverage", {{"circle-color", "#2fb67c"}, {"circle-opacity", 0.25}, {"circle-radius", ramp(zoom(), {0, 3, 14, 5})}}),
                      layer("sequences", "line", "cairn", "sequences", {{"line-color", "#2f6fde"}, {"line-width", ramp(zoom(), {4, 1, 16, 4})}}), frames,
                      layer("features", "circle", "cairn", "features",
                            {{"circle-color", feature_colour()}, {"circle-radius", ramp(zoom(), {8, 2, 16, 7})}, {"circle-stroke-color", "#ffffff"}, {"circle-stroke-width", 1}})});
}

Response style_answer(const json& style) {
  auto response = json_response(200, style);
  response.headers.emplace_back("Cache-Control", "public, max-age=300");
  return response;
}

}  // namespace

Response show_panoramax_style(Request&, Context& context) {
  const json source{{"type", "vector"}, {"minzoom", 0}, {"maxzoom", 15}, {"tiles", json::array({context.base_url + "/api/map/{z}/{x}/{y}.mvt"})}};
  return style_answer({{"version", 8},
                       {"name", context.options.title},
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
  return style_answer({{"version", 8}, {"name", context.options.title}, {"metadata", {{"panoramax:fields", fields}}}, {"sources", {{name, source}}}, {"layers", layers}});
}

Response show_map_style(Request&, Context& context) {
  const json source{{"type", "vector"}, {"url", context.base_url + "/tiles/map.json"}};
  return style_answer({{"version", 8}, {"name", context.options.title}, {"sources", {{"cairn", source}}}, {"layers", map_layers()}});
}

}  // namespace cairn::gateway
