#include "tiler/archive/reader.hpp"

#include "tiler/archive/facts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace cairn::tiler {
namespace {

constexpr std::string_view kSqliteMagic = "SQLite format 3";
constexpr std::size_t kMostColours = 256;  // of a legend
constexpr int kDeepestMetadata = 32;  // ours have 4; a parser's tree of a million brackets is no use to anybody

/// Null when the text is no JSON, or deeper than anybody needs.
nlohmann::json parsed_metadata(std::string_view text) {
  bool sound = true;
  const auto watch = [&sound](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return sound = sound && depth <= kDeepestMetadata; };
  auto parsed = nlohmann::json::parse(text, watch, false);
  return sound && !parsed.is_discarded() ? parsed : nlohmann::json{};
}

std::string text_in(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

nlohmann::json told_layer(const nlohmann::json& given) {
  nlohmann::json layer{{"id", text_in(given, "id")}, {"fields", nlohmann::json::object()}};
  if (given.contains("description")) layer["description"] = text_in(given, "description");
  for (const auto* zoom : {"minzoom", "maxzoom"}) {
    if (const auto found = given.find(zoom); found != given.end() && found->is_number_integer()) layer[zoom] = *found;
  }
  if (const auto fields = given.find("fields"); fields != given.end() && fields->is_object()) {
    for (const auto& [name, type] : fields->items()) layer["fields"][name] = type.is_string() ? type : nlohmann::json("String");
  }
  return layer;
}

bool is_range(double low, double high, double most) { return low >= -most && high <= most && low < high; }

}  // namespace

bool is_gzip(ByteView bytes) { return bytes.size() > 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b}; }

bool is_sqlite_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::array<char, kSqliteMagic.size()> start{};
  in.read(start.data(), start.size());
  return std::string_view{start.data(), static_cast<std::size_t>(in.gcount())} == kSqliteMagic;
}

void refuse_as_too_many() { throw std::runtime_error{"it has more than " + std::to_string(kMostListedTiles) + " tiles"}; }

void take_metadata(ArchiveFacts& facts, std::string_view text) {
  const auto parsed = parsed_metadata(text);
  const auto metadata = parsed.is_object() ? parsed : nlohmann::json::object();
  const std::pair<const char*, std::string*> texts[] = {{"name", &facts.name}, {"description", &facts.description}, {"attribution", &facts.attribution}};
  for (const auto& [name, fact] : texts) {
    if (auto said = text_in(metadata, name); !said.empty()) *fact = std::move(said);
  }
  if (const auto number = metadata.find("cairn_sequence"); number != metadata.end() && number->is_number_integer()) facts.sequence = number->get<std::int64_t>();
  if (const auto legend = metadata.find("cairn_legend"); legend != metadata.end()) take_legend(facts, legend->dump());
  auto layers = nlohmann::json::array();
  if (const auto given = metadata.find("vector_layers"); given != metadata.end() && given->is_array()) {
    for (const auto& layer : *given) {
      if (layer.is_object() && !text_in(layer, "id").empty()) layers.push_back(told_layer(layer));
    }
  }
  facts.vector_layers_json = layers.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void take_legend(ArchiveFacts& facts, std::string_view json) {
  const auto given = parsed_metadata(json);
  auto legend = nlohmann::ordered_json::array();
  for (const auto& entry : given.is_array() ? given : nlohmann::json::array()) {
    if (!entry.is_object() || legend.size() == kMostColours) continue;
    const auto colour = text_in(entry, "colour"), from = text_in(entry, "from");
    if (!colour.empty() && !from.empty()) legend.push_back({{"colour", colour}, {"from", from}});
  }
  if (!legend.empty()) facts.legend_json = legend.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void make_sound(ArchiveFacts& facts) {
  facts.min_zoom = std::clamp(facts.min_zoom, 0, TileId::kMaxZoom);
  facts.max_zoom = std::clamp(facts.max_zoom, facts.min_zoom, TileId::kMaxZoom);
  auto& b = facts.bounds;
  if (!is_range(b.west_deg, b.east_deg, 180) || !is_range(b.south_deg, b.north_deg, 90)) b = ArchiveFacts{}.bounds;
  const bool centred = facts.centre_lon_deg >= b.west_deg && facts.centre_lon_deg <= b.east_deg && facts.centre_lat_deg >= b.south_deg && facts.centre_lat_deg <= b.north_deg;
  if (!centred) {
    facts.centre_lon_deg = (b.west_deg + b.east_deg) / 2;
    facts.centre_lat_deg = (b.south_deg + b.north_deg) / 2;
  }
  facts.centre_zoom = std::clamp(facts.centre_zoom, facts.min_zoom, facts.max_zoom);
}

std::unique_ptr<OpenArchive> open_archive(const std::filesystem::path& archive) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(archive, error)) throw std::runtime_error{"there is no file " + archive.string()};
  try {
    return is_sqlite_file(archive) ? open_mbtiles(archive) : open_pmtiles(archive);
  } catch (const std::runtime_error& fault) {
    const std::string what = fault.what();
    throw std::runtime_error{what.starts_with(archive.string()) ? what : archive.string() + ": " + what};
  }
}

}  // namespace cairn::tiler
