#include "services/gateway/openapi/operations.hpp"

namespace cairn::gateway {
namespace {

constexpr Parameter kLimit{"limit", "integer", "How many at most; above the maximum it is the maximum", "2", "none"};
constexpr Parameter kBox{"bbox", "string", "west,south,east,north in degrees", "13.1,55.6,13.3,55.8", "1,2"};
constexpr Parameter kTime{"datetime", "string", "An RFC 3339 time, or two apart by a slash; .. or nothing is an open end", "2014-01-01T00:00:00Z/..", "yesterday"};
constexpr Parameter kFilter{"filter", "string", "CQL2 text: see queryables", "semantics IS NOT NULL", "nonsense = 1"};

}  // namespace

std::vector<Operation> panoramax_operations() {
  using enum Method;
  const Parameter item_order{"sortby", "string", "+ts or -ts", "-ts", "colour"};
  const std::vector<Parameter> search{
      kLimit, kBox, kTime, kFilter, item_order,
      {"ids", "string", "Picture ids, apart by commas", "00000000-0000-0000-0000-000000000000", "one"},
      {"collections", "string", "Collection ids, apart by commas", "00000000-0000-0000-0000-000000000000", "one"},
      {"intersects", "string", "A GeoJSON geometry; not together with bbox", R"({"type":"Point","coordinates":[13.195,55.698]})", "{}"},
      {"place_position", "string", "longitude,latitude of something to be seen", "13.195,55.698", "1"},
      {"place_distance", "string", "min-max metres from the place; 3-15 without", "0-50", ""},
      {"place_fov_tolerance", "integer", "Degrees, 2-180, that the place may lie off the middle; 30 without", "60", ""}};
  return {
      {get, "/api", "The catalogue's root: where everything is", {}, "", "Catalog"},
      {get, "/api/configuration", "What this server is and allows", {}, "", "Configuration"},
      {get, "/api/conformance", "The standards that this server follows", {}, "", "Conformance"},
      {get, "/api/users", "Everybody who sent pictures", {kLimit, {"page", "string", "From the link next of an earlier answer", "", "two"}}, "", "Users"},
      {get, "/api/users/search", "Users by a part of their name", {{"q", "string", "A part of a name; needed", "loc", ""}}, "", "Found"},
      {get, "/api/users/me", "Who asks", {}, "", "User", 200, true},
      {get, "/api/users/{user}", "One user", {}, "", "User"},
      {get, "/api/users/{user}/collection", "Everything of one user as one collection", {}, "", "Collection"},
      {get, "/api/users/{user}/catalog", "The collections of one user", {}, "", "Catalog"},
      {get, "/api/users/{user}/map/style.json", "MapLibre style of one user's pictures", {}, "", "Style"},
      {get, "/api/users/{user}/map/{z}/{x}/{y}", "One user's pictures and sequences as a vector tile", {}, "", "application/vnd.mapbox-vector-tile"},
      {get, "/api/users/me/upload_sets", "The caller's upload sets, newest first",
       {kLimit, {"filter", "string", "CQL2 text on created, title, completed, dispatched", "dispatched=FALSE", "nonsense = 1"}}, "", "UploadSets", 200, true},
      {get, "/api/users/me/reports", "Reports that the caller made or whose pictures they are about", {kLimit}, "", "Reports", 200, true},

      {post, "/api/upload_sets", "Begins an upload", {}, "NewUploadSet", "UploadSet", 200, true},
      {get, "/api/upload_sets", "The caller's upload sets, as at /api/users/me/upload_sets", {kLimit}, "", "UploadSets", 200, true},
      {get, "/api/upload_sets/{id}", "How far an upload is", {}, "", "UploadSet"},
      {patch, "/api/upload_sets/{id}", "Changes rules, visibility or tags", {}, "UploadSetChanges", "UploadSet", 200, true},
      {delete_, "/api/upload_sets/{id}", "Takes an upload away with everything in it", {}, "", "", 204, true},
      {get, "/api/upload_sets/{id}/files", "The files of an upload, refused ones with their reason", {}, "", "Files"},
      {post, "/api/upload_sets/{id}/files", "Adds a picture, video or track: part file", {}, "form", "File", 202, true},
      {post, "/api/upload_sets/{id}/complete", "Says that all files are there", {}, "", "UploadSet", 200, true},

      {get, "/api/collections", "Sequences, page by page",
       {kLimit, kBox, kTime, {"filter", "string", "CQL2 text: see its queryables", "created > '2020-01-01'", "nonsense = 1"},
        {"sortby", "string", "created, updated or datetime, with + or - before it", "-created", "colour"},
        {"page", "string", "From a link of an earlier answer", "last", "two"},
        {"show_deleted", "boolean", "Also what was deleted or hidden, as id and status: for mirrors", "true", ""},
        {"format", "string", "json or rss", "json", ""}},
       "", "Collections"},
      {post, "/api/collections", "Begins a collection to which pictures are added one by one", {}, "NewCollection", "Collection", 200, true},
      {get, "/api/collections/queryables", "What filters on collections may ask about", {}, "", "Queryables"},
      {get, "/api/collections/{collection}", "One sequence", {}, "", "Collection"},
      {patch, "/api/collections/{collection}", "Changes title, order, headings, visibility or tags", {}, "CollectionChanges", "Collection", 200, true},
      {delete_, "/api/collections/{collection}", "Takes a sequence away with its pictures", {}, "", "", 204, true},
      {get, "/api/collections/{collection}/items", "The pictures of a sequence, in order",
       {kLimit, {"startAfterRank", "integer", "The rank before the first one wanted", "1", "none"}, {"withPicture", "string", "The page with this picture", "", "one"}}, "", "Items"},
      {post, "/api/collections/{collection}/items", "Adds a picture: part picture, field position", {}, "form", "Item", 202, true},
      {get, "/api/collections/{collection}/geovisio_status", "What became of each picture of a sequence", {}, "", "Status"},
      {get, "/api/collections/{collection}/thumb.jpg", "A small picture of a sequence", {}, "", "image/jpeg"},
      {get, "/api/collections/{collection}/items/{picture}", "One picture", {}, "", "Item"},
      {patch, "/api/collections/{collection}/items/{picture}", "Corrects heading, place or time; changes visibility or tags", {}, "ItemChanges", "Item", 200, true},
      {delete_, "/api/collections/{collection}/items/{picture}", "Takes a picture away", {}, "", "", 204, true},
      {post, "/api/collections/{collection}/items/{picture}/annotations", "Says what a part of a picture shows", {}, "NewAnnotation", "Annotation", 200, true},
      {get, "/api/pictures/{picture}", "One picture", {}, "", "Item"},
      {patch, "/api/pictures/{picture}", "Corrects heading, place or time; changes visibility or tags", {}, "ItemChanges", "Item", 200, true},
      {delete_, "/api/pictures/{picture}", "Takes a picture away", {}, "", "", 204, true},
      {get, "/api/pictures/{picture}/{size}", "The picture as hd.jpg, sd.jpg (2048 pixels wide) or thumb.jpg (500)", {}, "", "image/jpeg"},
      {get, "/api/pictures/{picture}/tiled/{tile}", "A tile of a 360 picture: column_row.jpg", {}, "", "image/jpeg"},
      {post, "/api/pictures/{picture}/annotations", "Says what a part of a picture shows; the same shape again adds tags", {}, "NewAnnotation", "Annotation", 200, true},
      {get, "/api/annotations/{annotation}", "One annotation", {}, "", "Annotation"},
      {patch, "/api/annotations/{annotation}", "Changes an annotation's tags", {}, "TagChanges", "Annotation", 200, true},
      {delete_, "/api/annotations/{annotation}", "Takes an annotation away", {}, "", "", 204, true},

      {get, "/api/search", "Pictures by place, time, sequence, id or tags", search, "", "Items"},
      {post, "/api/search", "The same with a JSON body; filter may be CQL2 JSON", {}, "Search", "Items"},
      {get, "/api/queryables", "What filters on pictures may ask about", {}, "", "Queryables"},
      {get, "/api/map/style.json", "MapLibre style of pictures and sequences", {}, "", "Style"},
      {get, "/api/map/{z}/{x}/{y}", "Pictures and sequences as a vector tile: y ends in .mvt or .pbf; zoom 0-15", {}, "", "application/vnd.mapbox-vector-tile"},

      {post, "/api/reports", "Reports a picture or a sequence; blur_missing, privacy, inappropriate and copyright hide it at once", {}, "NewReport", "Report"},
      {get, "/api/reports", "Reports that the caller made or whose pictures they are about", {kLimit}, "", "Reports", 200, true},
      {get, "/api/reports/{report}", "One report", {}, "", "Report", 200, true},
      {patch, "/api/reports/{report}", "Settles a report", {}, "ReportChanges", "Report", 200, true},
  };
}

}  // namespace cairn::gateway
