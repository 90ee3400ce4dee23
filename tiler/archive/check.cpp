#include "tiler/archive/check.hpp"

#include "tiler/archive/archive.hpp"
#include "tiler/archive/facts.hpp"
#include "tiler/gzip.hpp"
#include "tiler/mvt/mvt_check.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace cairn::tiler {
namespace {

constexpr std::size_t kMostArchiveProblems = 200;

}  // namespace

void ProblemList::add(std::string problem) {
  if (problems_.size() < kMostArchiveProblems) problems_.push_back(std::move(problem));
  if (problems_.size() == kMostArchiveProblems) problems_.push_back("and more: the rest was not looked at");
}

bool ProblemList::full() const { return problems_.size() > kMostArchiveProblems; }

void check_packed_mvt(ProblemList& problems, TileId tile, ByteView packed) {
  try {
    const auto plain = gunzipped(packed, kMostTileBytes);
    if (plain.empty()) problems.add("tile " + tile.text() + " is empty");
    for (const auto& problem : problems_of_mvt(plain)) problems.add("tile " + tile.text() + ": " + problem);
  } catch (const std::runtime_error& error) {
    problems.add("tile " + tile.text() + ": " + error.what());
  }
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
