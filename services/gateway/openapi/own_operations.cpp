// What is Cairn's own: progress, features, map tiles, rewards, how the service is, pages.

#include "services/gateway/links.hpp"
#include "services/gateway/openapi/operations.hpp"

namespace cairn::gateway {
namespace {

constexpr std::string_view kNdjson = "application/x-ndjson";
constexpr std::string_view kText = "text/plain";

}  // namespace

std::vector<Operation> own_operations() {
  using enum Method;
  return {
      {get, "/api/docs", "This description, for people", {}, "", kHtml},
      {get, "/api/docs/openapi.json", "This description, for programs", {}, "", "application/vnd.oai.openapi+json"},
      {get, "/api/upload_sets/{id}/status", "What became of each file of an upload, and when the rest will be done", {}, "", "Progress"},
      {get, "/api/upload_sets/{id}/events", "The same as server-sent events, until all is done", {}, "", "text/event-stream"},

      {get, "/api/changes", "What changed on the map, a JSON object a line; as server-sent events where the client accepts text/event-stream",
       {{"since", "integer", "Behind this number: 0, or X-Last-Sequence of an earlier answer", "0", "-1"}, {"limit", "integer", "How many events at most; above 10000 it is 10000", "2", "none"},
        {"kinds", "string", "Only these, apart by commas: tiles, features, pictures, sequences", "tiles,features", "colours"}}, "", kNdjson},
      {get, "/api/features", "What stands beside the streets: signs, lights and the like",
       feature_parameters(), "", "Features"},
      {get, "/api/features/{feature}", "One feature with the pictures that show it", {}, "", "Feature"},
      {get, "/tiles", "The map's tile sets, and the operator's own archives of tiles", {}, "", "TileSets"},
      {get, "/tiles/{file}", "TileJSON of a tile set or archive: map.json, panoramax.json, coverage.json, NAME.json; NAME.pmtiles is the archive itself, also in ranges", {}, "", "TileJson"},
      {get, "/tiles/{set}/{z}/{x}/{y}", "A tile: y ends in .mvt or .pbf, that of a picture in .png, .jpg, .webp or .avif, as the TileJSON says; 204 when it is empty",
       {{"v", "string", "Its ETag's first 16 digits or more, or the archive's version: then the answer may be kept for ever", "", ""}, {"key", "string", "A token, for the quota of its holder", "", ""}}, "", kTileTypes},
      {get, "/style.json", "MapLibre style of the map, for light surroundings", {}, "", "Style"},
      {get, "/style-dark.json", "The same for dark ones", {}, "", "Style"},
      {get, "/fonts/{stack}/{range}", "Letters for labels: 256 code points of a font as signed distance fields", {}, "", "application/x-protobuf"},
      {get, "/sprites/{file}", "Icons of maps: cairn.json says where each stands in cairn.png; cairn@2x for dense screens", {}, "", kHtml},

      {get, "/api/rewards/epochs", "Closed epochs", {}, "", "Epochs"},
      {get, "/api/rewards/epochs/{epoch}", "What a closed epoch paid, in sum", {}, "", "Anything"},
      {get, "/api/rewards/statements/{account}", "What an account was paid, and why", {{"epoch", "string", "Of which epoch; the last one without", "", ""}}, "", "Anything"},

      {get, "/api/status", "How much there is, what waits, what was refused", {}, "", "ServerStatus"},
      {get, "/metrics", "Measurements for Prometheus", {}, "", kText},
      {get, "/healthz", "Whether the process lives", {}, "", kText},
      {get, "/readyz", "Whether the catalogue can be read", {}, "", kText},
      {get, "/", "The map page", {}, "", kHtml},
      {get, "/{file}", "A file of the map page", {}, "", kHtml},
      {get, "/assets/{file}", "A file that the map page loads; its name changes with its content", {}, "", kHtml},
  };
}

}  // namespace cairn::gateway
