#include "tiler/archive/check.hpp"

#include "tiler/archive/facts.hpp"
#include "tiler/gzip.hpp"
#include "tiler/mvt/mvt_check.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace cairn::tiler {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostArchiveProblems = 200;

void check_packed_mvt(ProblemList& problems, TileId tile, ByteView packed) {
  try {
    const auto plain = gunzipped(packed, kMostTileBytes);
    if (plain.empty()) problems.add("tile " + tile.text() + " is empty");
    for (const auto& problem : problems_of_mvt(plain)) problems.add("tile " + tile.text() + ": " + problem);
  } catch (const std::runtime_error& error) {
    problems.add("tile " + tile.text() + ": " + error.what());
  }
}

/// How many bytes a RIFF file, such as a WebP, says that it has.
std::size_t riff_size(std::string_view bytes) {
  std::size_t size = 8;
  for (std::size_t i = 0; i < 4; ++i) size += std::size_t{static_cast<std::uint8_t>(bytes[4 + i])} << (8 * i);
  return size;
}

/// Whether a picture begins as its format does, and isn't cut short as far as its last bytes tell.
bool is_whole(TileFormat format, std::string_view bytes) {
  const auto has = [bytes](std::size_t place, std::string_view part) { return bytes.size() >= place && bytes.substr(place).starts_with(part); };
  switch (format) {
    case TileFormat::png: return has(0, "\x89PNG\r\n\x1a\n"sv) && has(12, "IHDR"sv) && bytes.ends_with("IEND\xae\x42\x60\x82"sv);
    case TileFormat::jpeg: return has(0, "\xff\xd8\xff"sv) && bytes.ends_with("\xff\xd9"sv);
    case TileFormat::webp: return has(0, "RIFF"sv) && has(8, "WEBPVP8"sv) && riff_size(bytes) == bytes.size();
    case TileFormat::avif: return has(4, "ftypavif"sv) || has(4, "ftypavis"sv);
    case TileFormat::mvt: break;
  }
  return false;
}

}  // namespace

void ProblemList::add(std::string problem) {
  if (problems_.size() < kMostArchiveProblems) problems_.push_back(std::move(problem));
  if (problems_.size() == kMostArchiveProblems) problems_.push_back("and more: the rest was not looked at");
}

bool ProblemList::full() const { return problems_.size() > kMostArchiveProblems; }

void check_tile(ProblemList& problems, TileId tile, TileFormat format, ByteView bytes) {
  if (format == TileFormat::mvt) return check_packed_mvt(problems, tile, bytes);
  if (!is_whole(format, text_of(bytes))) problems.add("tile " + tile.text() + " is no whole " + std::string{ending_of(format)});
}

void check_vector_layers(ProblemList& problems, const std::string& json) {
  const auto metadata = nlohmann::json::parse(json, nullptr, false);
  if (!metadata.is_object()) return problems.add("the metadata are no JSON object");
  const auto layers = metadata.find("vector_layers");
  if (layers == metadata.end() || !layers->is_array()) return problems.add("the metadata have no array vector_layers");
  for (const auto& layer : *layers) {
    const bool named = layer.is_object() && layer.contains("id") && layer["id"].is_string();
    if (!named || !layer.contains("fields") || !layer["fields"].is_object()) {
      problems.add("an entry of vector_layers lacks its id or its fields");
    }
  }
}

std::vector<std::string> problems_of_archive(const std::filesystem::path& archive) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(archive, error)) return {"there is no file " + archive.string()};
  return is_sqlite_file(archive) ? problems_of_mbtiles(archive) : problems_of_pmtiles(archive);
}

}  // namespace cairn::tiler
