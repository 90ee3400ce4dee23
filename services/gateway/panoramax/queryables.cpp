// What filters may ask about.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/filter_words.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;
using Kind = FilterWords::Word::Kind;

json schema_of(Kind kind) {
  switch (kind) {
    case Kind::time: return {{"type", "string"}, {"anyOf", {{{"format", "date-time"}}, {{"format", "date"}}}}};
    case Kind::number: return {{"type", "number"}};
    case Kind::text: return {{"type", "string"}};
    case Kind::flag: return {{"type", "boolean"}};
  }
  return {};
}

json queryables(const FilterWords& words, const std::string& id, const char* of_what) {
  json properties = json::object();
  for (const auto& word : words.words) {
    auto& schema = properties[std::string{word.name}] = schema_of(word.kind);
    schema["description"] = word.description;
  }
  json body{{"$id", id}, {"$schema", "https://json-schema.org/draft/2019-09/schema"}, {"type", "object"}, {"title", std::string{"Queryables of "} + of_what},
            {"description", std::string{"What the parameter filter may ask about "} + of_what}, {"additionalProperties", false}};
  if (!words.subject.empty()) {
    properties["semantics"] = {{"type", "string"}, {"description", "Whether there is any tag: only IS NULL and IS NOT NULL"}};
    body["patternProperties"]["^semantics\\.(.+)$"] = {{"type", "string"}, {"description", "The tag with the key behind the prefix"}};
  }
  body["properties"] = properties;
  return body;
}

}  // namespace

const FilterWords& item_words() {
  static const FilterWords words{{{"datetime", "frames.taken_at", Kind::time, "When the picture was taken"},
                                  {"view:azimuth", "frames.heading_deg", Kind::number, "Degrees clockwise from north, towards which the camera looks"},
                                  {"original_file:name", "frames.file_name", Kind::text, "Name of the file that was sent"},
                                  {"geovisio:rank_in_collection", "frames.rank", Kind::number, "Number of the picture in its collection"}},
                                 "frames.id"};
  return words;
}

const FilterWords& collection_words() {
  static const FilterWords words{{{"created", "sequences.created_at", Kind::time, "When it was made: a date or a date with a time"},
                                  {"updated", "sequences.updated_at", Kind::time, "When it was last changed: a date or a date with a time"},
                                  {"title", "sequences.title", Kind::text, "Its title"},
                                  {"stats:items", "sequences.accepted", Kind::number, "How many pictures it has"}},
                                 "sequences.id"};
  return words;
}

const FilterWords& upload_set_words() {
  static const FilterWords words{{{"created", "upload_sets.created_at", Kind::time, "When it was made: a date or a date with a time"},
                                  {"title", "upload_sets.title", Kind::text, "Its title"},
                                  {"completed", "upload_sets.completed_at", Kind::flag, "Whether all files are there"},
                                  {"dispatched", "upload_sets.dispatched_at", Kind::flag, "Whether its pictures were put into collections"}},
                                 "upload_sets.id"};
  return words;
}

Response show_queryables(Request&, Context& context) {
  return json_response(200, queryables(item_words(), context.base_url + "/api/queryables", "pictures"), "application/schema+json");
}
Response show_collection_queryables(Request&, Context& context) {
  return json_response(200, queryables(collection_words(), context.base_url + "/api/collections/queryables", "collections"), "application/schema+json");
}

}  // namespace cairn::gateway
