// What a client reads first: the catalogue's root, the configuration, who it is.

#include "core/version.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/extent.hpp"
#include "services/gateway/links.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

json landing_links(const Context& context) {
  const auto url = [&](const char* path) { return context.base_url + path; };
  return json::array({link("self", kJson, url("/api")),
                      link("root", kJson, url("/api"), "Catalogue"),
                      link("conformance", kJson, url("/api/conformance")),
                      link("data", kJson, url("/api/collections")),
                      link("data", "application/rss+xml", url("/api/collections?format=rss"), "The newest collections as a feed"),
                      link("search", kGeoJson, url("/api/search")),
                      link(kQueryables, "application/schema+json", url("/api/queryables"), "What filters may ask about"),
                      link("service-desc", "application/vnd.oai.openapi+json;version=3.1", url("/api/docs/openapi.json"), "The API for programs"),
                      link("service-doc", "text/html", url("/api/docs"), "The API for people"),
                      link("users", kJson, url("/api/users"), "Users"),
                      link("user-search", kJson, url("/api/users/search"), "Search users"),
                      link("user-xyz", kMvt, url("/api/users/{userId}/map/{z}/{x}/{y}.mvt"), "One user's pictures and sequences as vector tiles"),
                      link("user-xyz-style", kJson, url("/api/users/{userId}/map/style.json"), "MapLibre style of one user's pictures"),
                      link("report", kJson, url("/api/reports"), "Report a picture or a sequence"),
                      link("xyz", kMvt, url("/api/map/{z}/{x}/{y}.mvt"), "Pictures and sequences as vector tiles"),
                      link("xyz-style", kJson, url("/api/map/style.json"), "MapLibre style"),
                      link("collection-preview", "image/jpeg", url("/api/collections/{id}/thumb.jpg"), "A picture of a sequence"),
                      link("item-preview", "image/jpeg", url("/api/pictures/{id}/thumb.jpg"), "A small picture"),
                      {{"rel", "license"}, {"href", context.options.terms.licence_url}, {"title", "Licence " + context.options.terms.licence_id}}});
}

json in_english(const std::string& text) { return {{"label", text}, {"langs", {{"en", text}}}}; }

}  // namespace

json conformance_classes() {
  return json::array({"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
                      "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query", "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
                      "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json", "https://api.stacspec.org/v1.0.0/core", "https://api.stacspec.org/v1.0.0/browseable",
                      "https://api.stacspec.org/v1.0.0/collections", "https://api.stacspec.org/v1.0.0/ogcapi-features", "https://api.stacspec.org/v1.0.0/item-search",
                      "https://api.stacspec.org/v1.0.0/item-search#filter", "https://api.stacspec.org/v1.0.0/collection-search"});
}

Response show_landing(Request&, Context& context) {
  return json_response(200, {{"type", "Catalog"},
                             {"stac_version", "1.0.0"},
                             {"stac_extensions", json::array({"https://stac-extensions.github.io/web-map-links/v1.0.0/schema.json"})},
                             {"id", "cairn"},
                             {"title", context.options.terms.title},
                             {"description", context.options.terms.description},
                             {"conformsTo", conformance_classes()},
                             {"geovisio_version", "2.15.1"},
                             {"cairn_version", kVersion},
                             {"extent", extent_json(context)},
                             {"links", landing_links(context)}});
}

Response show_configuration(Request&, Context& context) {
  const auto& options = context.options;
  json auth{{"enabled", needs_token(options)}};
  if (needs_token(options)) auth.update({{"enforce_tos_acceptance", false}, {"registration_is_open", options.registration_is_open}, {"user_profile", {{"url", context.base_url + "/api/account"}, {"use_iframe", false}}}});
  return json_response(200, {{"name", in_english(options.terms.title)},
                             {"description", in_english(options.terms.description)},
                             {"geo_coverage", in_english("Worldwide")},
                             {"logo", context.base_url + "/icon.svg"},
                             {"color", "#2f6fde"},
                             {"email", ""},
                             {"auth", auth},
                             {"license", {{"id", options.terms.licence_id}, {"url", options.terms.licence_url}}},
                             {"visibility", {{"possible_values", json::array({"anyone", "logged-only", "owner-only"})}}},
                             {"defaults",
                              {{"default_visibility", "anyone"},
                               {"duplicate_distance", 1.0},
                               {"duplicate_rotation", 60},
                               {"split_distance", 100},
                               {"split_time", 300.0}}},
                             {"version", kVersion},
                             {"pages", json::array()}});
}

Response show_conformance(Request&, Context&) { return json_response(200, {{"conformsTo", conformance_classes()}}); }

}  // namespace cairn::gateway
