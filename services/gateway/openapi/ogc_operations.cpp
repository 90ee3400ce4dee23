// OGC API Features and Tiles, WMTS; and the query that lists of features share.

#include "services/gateway/openapi/operations.hpp"

namespace cairn::gateway {

std::vector<Parameter> feature_parameters() {
  return {{"bbox", "string", "west,south,east,north in degrees; west beyond east: across the date line", "13.1,55.6,13.3,55.8", "1,2"},
          {"datetime", "string", "Seen at that time, or between two apart by a slash; .. is an open end", "2020-01-01T00:00:00Z/..", "yesterday"},
          {"class", "string", "Only of this class: sign, traffic_light", "sign", "castle"},
          {"limit", "integer", "How many at most; above 10000 it is 10000", "2", "none"},
          {"page", "string", "From the link next of an earlier answer, as long as there is one", "", "two"}};
}

std::vector<Operation> ogc_operations() {
  using enum Method;
  return {
      {get, "/ogc", "Where OGC API clients begin", {}, "", "OgcLanding"},
      {get, "/ogc/conformance", "Which OGC standards are followed", {}, "", "Conformance"},
      {get, "/ogc/collections", "What there is: features, and tile sets", {}, "", "OgcCollections"},
      {get, "/ogc/collections/{collection}", "One of them", {}, "", "OgcCollection"},
      {get, "/ogc/collections/{collection}/items", "The features, a page at a time", feature_parameters(), "", "Features"},
      {get, "/ogc/collections/{collection}/items/{feature}", "One feature with the pictures that show it", {}, "", "Feature"},
      {get, "/ogc/collections/{collection}/tiles", "How the collection's tiles are cut", {}, "", "OgcTilesets"},
      {get, "/ogc/collections/{collection}/tiles/{tiling}", "Layers, extent and address of its tiles", {}, "", "OgcTileset"},
      {get, "/ogc/collections/{collection}/tiles/{tiling}/{z}/{row}/{column}", "A tile; 204 when it is empty", {}, "", kTileTypes},
      {get, "/ogc/tileMatrixSets", "The tilings: WebMercatorQuad", {}, "", "Anything"},
      {get, "/ogc/tileMatrixSets/{tiling}", "A tiling, zoom by zoom", {}, "", "OgcTiling"},
      {get, "/ogc/wmts/1.0.0/WMTSCapabilities.xml", "The tile sets as WMTS describes them", {}, "", "application/xml"},
  };
}

}  // namespace cairn::gateway
