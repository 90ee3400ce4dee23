// GET /api/docs/openapi.json, and the same for people at /api/docs.

#include "core/version.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/markup.hpp"
#include "services/gateway/openapi/operations.hpp"
#include "services/gateway/openapi/schemas.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace cairn::gateway {
namespace {

using nlohmann::json;

json reference(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string{name}}}; }
bool is_media_type(std::string_view answer) { return answer.find('/') != std::string_view::npos; }
bool is_geojson(std::string_view answer) { return answer == "Item" || answer == "Items" || answer == "Feature" || answer == "Features"; }

/// Of an answer in JSON.
std::string json_type_of(const Operation& operation) {
  if (operation.answer == "Queryables") return "application/schema+json";
  return is_geojson(operation.answer) && operation.body != "form" ? "application/geo+json" : "application/json";
}

std::string id_of(const Operation& operation) {
  std::string id = lower_case(name_of(operation.method));
  for (const char c : operation.pattern.substr(operation.pattern.starts_with("/api") ? 4 : 0)) id += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c : '_';
  return id;
}

/// The {names} of a path.
json path_parameters(std::string_view pattern) {
  auto parameters = json::array();
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    const auto close = pattern.find('}', open);
    parameters.push_back({{"name", pattern.substr(open + 1, close - open - 1)}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  return parameters;
}

json body_of(const Operation& operation) {
  if (operation.body == "bytes") return {{"required", true}, {"content", {{std::string{operation.body_type}, json::object()}}}};
  if (operation.body == "form") return {{"required", true}, {"content", {{"multipart/form-data", {{"schema", {{"type", "object"}}}}}}}};
  return {{"required", true}, {"content", {{std::string{operation.body_type}, {{"schema", reference(operation.body)}}}}}};
}

json success_of(const Operation& operation) {
  json answer{{"description", operation.summary}};
  if (is_media_type(operation.answer)) {
    std::istringstream types{std::string{operation.answer}};
    for (std::string type; types >> type;) answer["content"][type] = json::object();
  } else if (!operation.answer.empty()) {
    answer["content"][json_type_of(operation)]["schema"] = reference(operation.answer);
  }
  return answer;
}

json described(const Operation& operation) {
  json described{{"operationId", id_of(operation)}, {"summary", operation.summary}, {"parameters", path_parameters(operation.pattern)}};
  for (const auto& parameter : operation.parameters) {
    json one{{"name", parameter.name}, {"in", parameter.is_header ? "header" : "query"}, {"required", parameter.is_header}, {"description", parameter.description}, {"schema", {{"type", parameter.type}}}};
    if (!parameter.example.empty()) one["example"] = parameter.example;
    described["parameters"].push_back(one);
  }
  if (!operation.body.empty()) described["requestBody"] = body_of(operation);
  described["responses"][std::to_string(operation.status)] = success_of(operation);
  described["responses"]["default"] = {{"description", "What was wrong, and what to do"}, {"content", {{"application/json", {{"schema", reference("Error")}}}}}};
  if (operation.needs_token) described["security"] = json::array({json{{"token", json::array()}}, json::object()});
  return described;
}

json document(const Context& context) {
  json paths = json::object();
  for (const auto& operation : all_operations()) paths[std::string{operation.pattern}][lower_case(name_of(operation.method))] = described(operation);
  return {{"openapi", "3.1.0"},
          {"info", {{"title", context.options.terms.title}, {"description", context.options.terms.description}, {"version", kVersion}}},
          {"servers", json::array({{{"url", context.base_url}}})},
          {"paths", paths},
          {"components", {{"schemas", api_schemas()}, {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace

Response show_openapi(Request&, Context& context) { return json_response(200, document(context), "application/vnd.oai.openapi+json;version=3.1"); }

Response show_api_docs(Request&, Context& context) {
  std::string page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>API of " + markup_text(context.options.terms.title) +
                     "</title><style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}code{font-weight:600}li{margin:.2rem 0}:root{color-scheme:light dark}</style>"
                     "<h1>API of " + markup_text(context.options.terms.title) + "</h1><p>For programs: <a href=\"/api/docs/openapi.json\">openapi.json</a></p>";
  for (const auto& operation : all_operations()) {
    page += "<h2><code>" + std::string{name_of(operation.method)} + " " + markup_text(operation.pattern) + "</code></h2><p>" + markup_text(operation.summary) + (operation.needs_token ? " (token)" : "") + "</p><ul>";
    for (const auto& parameter : operation.parameters) page += "<li><code>" + markup_text(parameter.name) + "</code> " + markup_text(parameter.description) + "</li>";
    page += "</ul>";
  }
  return {200, "text/html; charset=utf-8", {}, page + "</html>"};
}

}  // namespace cairn::gateway
