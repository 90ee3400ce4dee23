#include "services/gateway/openapi/schemas.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {
namespace {

constexpr const char* kBodies = R"json({
  "Tags": {"type": "array", "maxItems": 1000, "items": {"type": "object", "required": ["key", "value"], "properties": {
    "key": {"type": "string", "minLength": 1, "maxLength": 256}, "value": {"type": "string", "minLength": 1, "maxLength": 4096},
    "action": {"type": "string", "enum": ["add", "delete"], "description": "What a PATCH does with the tag; add without"}}}},
  "Visibility": {"type": "string", "enum": ["anyone", "logged-only", "owner-only"]},
  "NewUploadSet": {"type": "object", "required": ["title"], "example": {"title": "Monday", "estimated_nb_files": 3}, "properties": {
    "title": {"type": "string", "minLength": 1, "maxLength": 500}, "estimated_nb_files": {"type": "integer", "minimum": 1},
    "sort_method": {"type": "string", "enum": ["time-asc", "time-desc", "filename-asc", "filename-desc"]},
    "no_split": {"type": "boolean"}, "split_distance": {"type": "number", "description": "metres"}, "split_time": {"type": "number", "description": "seconds"},
    "no_deduplication": {"type": "boolean"}, "duplicate_distance": {"type": "number", "description": "metres"},
    "duplicate_rotation": {"type": "number", "description": "degrees"}, "relative_heading": {"type": "number", "description": "degrees"},
    "visibility": {"$ref": "#/components/schemas/Visibility"}, "semantics": {"$ref": "#/components/schemas/Tags"}, "metadata": {}}},
  "UploadSetChanges": {"type": "object", "example": {"split_distance": 50, "visibility": "anyone"}, "properties": {
    "sort_method": {"type": "string"}, "no_split": {"type": "boolean"}, "split_distance": {"type": "number"}, "split_time": {"type": "number"},
    "no_deduplication": {"type": "boolean"}, "duplicate_distance": {"type": "number"}, "duplicate_rotation": {"type": "number"},
    "relative_heading": {"type": "number"}, "visibility": {"$ref": "#/components/schemas/Visibility"}, "semantics": {"$ref": "#/components/schemas/Tags"}}},
  "NewCollection": {"type": "object", "example": {"title": "Tuesday"}, "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 500}}},
  "CollectionChanges": {"type": "object", "example": {"title": "Another title", "sortby": "+gpsdate"}, "properties": {
    "title": {"type": "string", "minLength": 1, "maxLength": 500}, "sortby": {"type": "string", "enum": ["+gpsdate", "-gpsdate", "+filename", "-filename"]},
    "relative_heading": {"type": "number", "minimum": -360, "maximum": 360},
    "visibility": {"$ref": "#/components/schemas/Visibility"}, "semantics": {"$ref": "#/components/schemas/Tags"}}},
  "ItemChanges": {"type": "object", "example": {"heading": 90}, "properties": {
    "heading": {"type": "number", "minimum": 0, "maximum": 360}, "pitch": {"type": "number", "minimum": -90, "maximum": 90},
    "roll": {"type": "number", "minimum": -180, "maximum": 180}, "capture_time": {"type": "string", "format": "date-time"},
    "longitude": {"type": "number", "minimum": -180, "maximum": 180}, "latitude": {"type": "number", "minimum": -90, "maximum": 90},
    "visibility": {"$ref": "#/components/schemas/Visibility"}, "semantics": {"$ref": "#/components/schemas/Tags"}}},
  "NewAnnotation": {"type": "object", "required": ["shape"], "example": {"shape": [10, 10, 60, 60], "semantics": [{"key": "osm|amenity", "value": "bench"}]},
    "properties": {"shape": {"description": "[left, top, right, bottom] or a GeoJSON Polygon, in pixels", "type": ["array", "object"]}, "semantics": {"$ref": "#/components/schemas/Tags"}}},
  "TagChanges": {"type": "object", "example": {"semantics": [{"key": "a", "value": "b"}]}, "properties": {"semantics": {"$ref": "#/components/schemas/Tags"}}},
  "NewReport": {"type": "object", "required": ["issue"], "example": {"issue": "mislocated", "picture_id": "{picture}"}, "properties": {
    "issue": {"type": "string", "enum": ["blur_missing", "blur_excess", "inappropriate", "privacy", "picture_low_quality", "mislocated", "copyright", "other"]},
    "picture_id": {"type": "string", "format": "uuid"}, "sequence_id": {"type": "string", "format": "uuid"},
    "reporter_email": {"type": "string", "maxLength": 4096}, "reporter_comments": {"type": "string", "maxLength": 4096}}},
  "ReportChanges": {"type": "object", "required": ["status"], "example": {"status": "closed_solved"}, "properties": {
    "status": {"type": "string", "enum": ["waiting", "closed_solved", "closed_ignored"]}, "resolver_comments": {"type": "string", "maxLength": 4096}}},
  "Search": {"type": "object", "example": {"bbox": [13.1, 55.6, 13.3, 55.8], "limit": 1}, "properties": {
    "bbox": {"type": "array", "items": {"type": "number"}}, "intersects": {"type": "object"}, "datetime": {"type": "string"},
    "ids": {"type": "array", "items": {"type": "string"}}, "collections": {"type": "array", "items": {"type": "string"}},
    "limit": {"type": "integer"}, "filter": {"type": ["string", "object"]}, "sortby": {"type": ["string", "array"]}}}
})json";

constexpr const char* kOthersBodies = R"json({
  "Anything": {"type": "object", "example": {}},
  "Login": {"type": "object", "required": ["name", "password"], "example": {"name": "local", "password": "{password}"},
    "properties": {"name": {"type": "string"}, "password": {"type": "string"}, "next_url": {"type": "string"}}},
  "Registration": {"type": "object", "required": ["name", "password"], "example": {"name": "newcomer", "password": "{password}"},
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 100}, "password": {"type": "string"}}},
  "Erasure": {"type": "object", "required": ["name"], "example": {"name": "local"}, "properties": {"name": {"type": "string"}, "password": {"type": "string"}}},
  "NewArea": {"type": "object", "required": ["shape"], "example": {"name": "home", "shape": {"type": "Circle", "center": [2.35, 48.85], "radius_m": 200}}, "properties": {
    "name": {"type": "string", "maxLength": 100}, "shape": {"type": "object", "required": ["type"]}}},
  "NewDevice": {"type": "object", "required": ["name", "proof"], "example": {"name": "front camera", "proof": "{proof}"}, "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 100}, "proof": {"type": "string", "description": "compact JWS of {\"account\": id}, signed by the device's key"},
    "receiver_key": {"type": "string", "pattern": "^[0-9a-fA-F]{48}$", "description": "public key of the u-blox receiver in the device, which signs its logs"}}},
  "Manifest": {"type": "string", "example": "{manifest}"},
  "MapillaryLogin": {"type": "object", "required": ["email", "password"], "example": {"email": "me", "password": "{secret}"}, "properties": {"email": {"type": "string"}, "password": {"type": "string"}}},
  "MapillaryFinish": {"type": "object", "required": ["file_handle", "file_type"], "example": {"file_handle": "{handle}", "file_type": "mly_camm_video"}, "properties": {
    "file_handle": {"type": "string"}, "file_type": {"type": "string", "enum": ["mly_bundle_manifest", "zip", "mly_camm_video", "mly_blackvue_video"]}}}
})json";

constexpr const char* kOthersAnswers = R"json({
  "Message": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}},
  "Token": {"type": "object", "required": ["id", "description", "generated_at", "links"], "properties": {"id": {"type": "string"}, "jwt_token": {"type": "string"}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Tokens": {"type": "array", "items": {"$ref": "#/components/schemas/Token"}},
  "Device": {"type": "object", "required": ["id", "name", "registered_at", "counter", "newest"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "counter": {"type": "integer"}, "receiver_key": {"type": "string"}}},
  "Area": {"type": "object", "required": ["id", "name", "shape", "created_at"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "shape": {"type": "object"}}},
  "PrivacyZones": {"type": "object", "required": ["privacy_zones"], "properties": {"privacy_zones": {"type": "array", "items": {"$ref": "#/components/schemas/Area"}}}},
  "ExcludedAreas": {"type": "object", "required": ["excluded_areas"], "properties": {"excluded_areas": {"type": "array", "items": {"$ref": "#/components/schemas/Area"}}}},
  "Devices": {"type": "object", "required": ["devices"], "properties": {"devices": {"type": "array", "items": {"$ref": "#/components/schemas/Device"}}}},
  "Nonce": {"type": "object", "required": ["nonce", "expires_at", "next_counter", "previous"], "properties": {"nonce": {"type": "string"}, "next_counter": {"type": "integer"}}},
  "ManifestReceipt": {"type": "object", "required": ["hash", "counter", "files"], "properties": {"hash": {"type": "string"}, "counter": {"type": "integer"}, "files": {"type": "integer"}}},
  "PartialUpload": {"type": "object", "required": ["id", "offset", "expires_at"], "properties": {"id": {"type": "string"}, "offset": {"type": "integer"}, "length": {"type": "integer"}, "receipt": {"type": "object"}}},
  "MapillaryUser": {"type": "object", "required": ["id", "username"], "properties": {"id": {"type": "string"}, "username": {"type": "string"}}},
  "MapillaryToken": {"type": "object", "required": ["access_token", "user_id"], "properties": {"access_token": {"type": "string"}, "user_id": {"type": "string"}}},
  "MapillaryOffset": {"type": "object", "required": ["offset"], "properties": {"offset": {"type": "integer"}}},
  "MapillaryHandle": {"type": "object", "required": ["h"], "properties": {"h": {"type": "string"}}},
  "MapillaryCluster": {"type": "object", "required": ["cluster_id"], "properties": {"cluster_id": {"type": "string"}}},
  "Success": {"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean"}}},
  "Progress": {"type": "object", "required": ["ready", "files"], "properties": {"ready": {"type": "boolean"}, "files": {"type": "array", "items": {"type": "object", "required": ["id", "name", "state"]}}}},
  "Feature": {"type": "object", "required": ["type", "id", "geometry", "properties", "links"], "properties": {"type": {"type": "string", "enum": ["Feature"]},
    "properties": {"type": "object", "required": ["class", "state", "existence"]}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Features": {"type": "object", "required": ["type", "features", "numberReturned", "links"], "properties": {"type": {"type": "string", "enum": ["FeatureCollection"]},
    "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}}, "numberReturned": {"type": "integer"}, "links": {"$ref": "#/components/schemas/Links"}}},
  "OgcLanding": {"type": "object", "required": ["title", "links"], "properties": {"links": {"$ref": "#/components/schemas/Links"}}},
  "OgcCollection": {"type": "object", "required": ["id", "title", "extent", "links"], "properties": {"id": {"type": "string"}, "extent": {"type": "object", "required": ["spatial", "temporal"]},
    "links": {"$ref": "#/components/schemas/Links"}}},
  "OgcCollections": {"type": "object", "required": ["collections", "links"], "properties": {"collections": {"type": "array", "items": {"$ref": "#/components/schemas/OgcCollection"}},
    "links": {"$ref": "#/components/schemas/Links"}}},
  "OgcTilesets": {"type": "object", "required": ["tilesets"], "properties": {"tilesets": {"type": "array", "items": {"type": "object", "required": ["dataType", "crs", "tileMatrixSetURI", "links"]}}}},
  "OgcTileset": {"type": "object", "required": ["dataType", "crs", "tileMatrixSetURI", "tileMatrixSetLimits", "links"], "properties": {"layers": {"type": "array"}, "links": {"$ref": "#/components/schemas/Links"}}},
  "OgcTiling": {"type": "object", "required": ["id", "crs", "tileMatrices"], "properties": {"tileMatrices": {"type": "array", "items": {"type": "object", "required": ["id", "scaleDenominator", "cellSize", "pointOfOrigin"]}}}},
  "TileSets": {"type": "object", "required": ["sets", "archives"], "properties": {"sets": {"$ref": "#/components/schemas/TileSetList"}, "archives": {"$ref": "#/components/schemas/TileSetList"}}},
  "TileSetList": {"type": "array", "items": {"type": "object", "required": ["name", "title", "format", "tilejson"]}},
  "TileJson": {"type": "object", "required": ["tilejson", "tiles"], "properties": {"tiles": {"type": "array", "items": {"type": "string"}}}},
  "Epochs": {"type": "object", "required": ["epochs"], "properties": {"epochs": {"type": "array", "items": {"type": "object", "required": ["epoch", "links"]}}}},
  "ServerStatus": {"type": "object", "required": ["totals", "queues", "refusals"], "properties": {"totals": {"type": "object"}, "queues": {"type": "object"}, "refusals": {"type": "array"}}}
})json";

constexpr const char* kAnswers = R"json({
  "Error": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}, "status_code": {"type": "integer"}, "details": {}}},
  "Links": {"type": "array", "items": {"type": "object", "required": ["rel", "href"], "properties": {"rel": {"type": "string"}, "href": {"type": "string"}, "type": {"type": "string"}}}},
  "Catalog": {"type": "object", "required": ["type", "stac_version", "id", "description", "links"], "properties": {
    "type": {"type": "string", "enum": ["Catalog"]}, "stac_version": {"type": "string"}, "id": {"type": "string"}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Configuration": {"type": "object", "required": ["name", "auth", "license", "visibility", "defaults"], "properties": {"name": {"type": "object"}, "auth": {"type": "object"}, "license": {"type": "object"}}},
  "Conformance": {"type": "object", "required": ["conformsTo"], "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}}},
  "User": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
  "Users": {"type": "object", "required": ["users", "links"], "properties": {"users": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Found": {"type": "object", "required": ["features"], "properties": {"features": {"type": "array", "items": {"type": "object", "required": ["id", "label"]}}}},
  "Style": {"type": "object", "required": ["version", "sources", "layers"], "properties": {"version": {"type": "integer", "enum": [8]}, "sources": {"type": "object"}, "layers": {"type": "array"}}},
  "UploadSet": {"type": "object", "required": ["id", "created_at", "completed", "dispatched", "ready", "account_id", "title", "nb_items", "associated_collections", "links"], "properties": {
    "id": {"type": "string"}, "completed": {"type": "boolean"}, "dispatched": {"type": "boolean"}, "ready": {"type": "boolean"}, "nb_items": {"type": "integer"},
    "visibility": {"$ref": "#/components/schemas/Visibility"}, "semantics": {"$ref": "#/components/schemas/Tags"}, "links": {"$ref": "#/components/schemas/Links"}}},
  "UploadSets": {"type": "object", "required": ["upload_sets"], "properties": {"upload_sets": {"type": "array", "items": {"$ref": "#/components/schemas/UploadSet"}}}},
  "File": {"type": "object", "required": ["file_name", "content_md5", "inserted_at", "file_type", "size"], "properties": {
    "picture_id": {"type": "string"}, "file_name": {"type": "string"}, "content_md5": {"type": "string"}, "size": {"type": "integer"}, "rejected": {"type": "object", "required": ["reason", "severity", "message"]}}},
  "Files": {"type": "object", "required": ["files", "links"], "properties": {"files": {"type": "array", "items": {"$ref": "#/components/schemas/File"}}}},
  "Collection": {"type": "object", "required": ["type", "stac_version", "id", "description", "license", "extent", "links"], "properties": {
    "type": {"type": "string", "enum": ["Collection"]}, "title": {"type": "string"}, "extent": {"type": "object", "required": ["spatial", "temporal"]},
    "semantics": {"$ref": "#/components/schemas/Tags"}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Collections": {"type": "object", "required": ["collections", "links"], "properties": {"collections": {"type": "array", "items": {"type": "object", "required": ["id"]}}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Item": {"type": "object", "required": ["type", "stac_version", "id", "geometry", "bbox", "collection", "properties", "links", "assets"], "properties": {
    "type": {"type": "string", "enum": ["Feature"]}, "geometry": {"type": "object", "required": ["type", "coordinates"]}, "assets": {"type": "object", "required": ["hd", "sd", "thumb"]},
    "properties": {"type": "object", "required": ["datetime", "geovisio:status", "semantics", "annotations"], "properties": {
      "semantics": {"$ref": "#/components/schemas/Tags"}, "annotations": {"type": "array", "items": {"$ref": "#/components/schemas/Annotation"}}}},
    "links": {"$ref": "#/components/schemas/Links"}}},
  "Items": {"type": "object", "required": ["type", "features", "links"], "properties": {"type": {"type": "string", "enum": ["FeatureCollection"]},
    "features": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}, "links": {"$ref": "#/components/schemas/Links"}}},
  "Status": {"type": "object", "required": ["status", "items"], "properties": {"status": {"type": "string"}, "items": {"type": "array", "items": {"type": "object", "required": ["id", "rank", "status"]}}}},
  "Annotation": {"type": "object", "required": ["id", "picture_id", "shape", "semantics"], "properties": {"id": {"type": "string"}, "picture_id": {"type": "string"}, "shape": {"type": "object"}, "semantics": {"$ref": "#/components/schemas/Tags"}}},
  "Report": {"type": "object", "required": ["id", "issue", "status", "ts_opened"], "properties": {"id": {"type": "string"}, "issue": {"type": "string"}, "status": {"type": "string"}}},
  "Reports": {"type": "object", "required": ["reports"], "properties": {"reports": {"type": "array", "items": {"$ref": "#/components/schemas/Report"}}}},
  "Queryables": {"type": "object", "required": ["$schema", "$id", "type", "properties"], "properties": {"properties": {"type": "object"}}}
})json";

}  // namespace

const nlohmann::json& api_schemas() {
  static const auto schemas = [] {
    auto all = nlohmann::json::object();
    for (const char* part : {kBodies, kOthersBodies, kAnswers, kOthersAnswers}) all.update(nlohmann::json::parse(part));
    return all;
  }();
  return schemas;
}

}  // namespace cairn::gateway
