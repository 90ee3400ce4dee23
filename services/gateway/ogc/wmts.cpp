// WMTS 1.0.0 (OGC 07-057r7), RESTful: its capabilities only, since tiles have their addresses already.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/markup.hpp"
#include "services/gateway/ogc/collections.hpp"

#include <set>

namespace cairn::gateway {
namespace {

std::string xml_element(std::string_view name, std::string_view text) { return "<" + std::string{name} + ">" + markup_text(text) + "</" + std::string{name} + ">"; }
std::string xml_number(double value) { return nlohmann::json(value).dump(); }
std::string xml_pair(double first, double second) { return xml_number(first) + " " + xml_number(second); }

std::string tiling_to(int last_zoom) { return std::string{ogc::kTiling} + "_0_to_" + std::to_string(last_zoom); }

std::string xml_layer(Context& context, const ogc::Collection& collection) {
  const auto format = collection.tiles->format;
  const auto box = ogc::bounds_of(context, collection);
  const std::string type{tiler::content_type_of(format)};
  const auto pattern = context.base_url + "/tiles/" + percent_encoded(collection.id) + "/{TileMatrix}/{TileCol}/{TileRow}." + std::string{tiler::ending_of(format)};
  return "<Layer>" + xml_element("ows:Title", collection.title) + xml_element("ows:Abstract", collection.description) + "<ows:WGS84BoundingBox>" +
         xml_element("ows:LowerCorner", xml_pair(box.west_deg, box.south_deg)) + xml_element("ows:UpperCorner", xml_pair(box.east_deg, box.north_deg)) + "</ows:WGS84BoundingBox>" +
         xml_element("ows:Identifier", collection.id) + "<Style isDefault=\"true\">" + xml_element("ows:Identifier", "default") + "</Style>" + xml_element("Format", type) + "<TileMatrixSetLink>" +
         xml_element("TileMatrixSet", tiling_to(collection.tiles->max_zoom)) + "</TileMatrixSetLink><ResourceURL format=\"" + type +
         "\" resourceType=\"tile\" template=\"" + markup_text(pattern) + "\"/></Layer>";
}

/// The zooms that sets have, and no more: clients take the deepest zoom of a tiling for the finest tiles that there are.
std::string xml_tiling(int last_zoom) {
  auto text = "<TileMatrixSet>" + xml_element("ows:Identifier", tiling_to(last_zoom)) + xml_element("ows:SupportedCRS", "urn:ogc:def:crs:EPSG::3857");
  for (int zoom = 0; zoom <= last_zoom; ++zoom) {
    const auto side = std::to_string(1 << zoom);
    text += "<TileMatrix>" + xml_element("ows:Identifier", std::to_string(zoom)) + xml_element("ScaleDenominator", xml_number(ogc::scale_denominator(zoom))) +
            xml_element("TopLeftCorner", xml_pair(-ogc::kEdge_m, ogc::kEdge_m)) + xml_element("TileWidth", "256") + xml_element("TileHeight", "256") + xml_element("MatrixWidth", side) + xml_element("MatrixHeight", side) + "</TileMatrix>";
  }
  return text + "</TileMatrixSet>";
}

}  // namespace

Response show_wmts_capabilities(Request&, Context& context) {
  std::string layers, tilings;
  std::set<int> last_zooms;
  for (const auto& collection : ogc::all_collections(context)) {
    if (!collection.tiles) continue;
    layers += xml_layer(context, collection);
    last_zooms.insert(collection.tiles->max_zoom);
  }
  for (const int last_zoom : last_zooms) tilings += xml_tiling(last_zoom);
  const auto body = R"(<?xml version="1.0" encoding="UTF-8"?><Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" )"
                    R"(xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><ows:ServiceIdentification>)" +
                    xml_element("ows:Title", context.options.terms.title) + xml_element("ows:Abstract", context.options.terms.description) + xml_element("ows:ServiceType", "OGC WMTS") +
                    xml_element("ows:ServiceTypeVersion", "1.0.0") + xml_element("ows:Fees", "none") + xml_element("ows:AccessConstraints", context.options.terms.licence_id) +
                    "</ows:ServiceIdentification><Contents>" + layers + tilings + "</Contents><ServiceMetadataURL xlink:href=\"" +
                    markup_text(context.base_url + "/ogc/wmts/1.0.0/WMTSCapabilities.xml") + "\"/></Capabilities>";
  return {200, "application/xml", {{"Cache-Control", "public, max-age=60"}}, body};
}

}  // namespace cairn::gateway
