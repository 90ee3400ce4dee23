#pragma once
// What the checks of both kinds of archive share.

#include "tiler/archive/archive.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::tiler {

/// Collects sentences, but not without end: a damaged archive can have one per tile.
class ProblemList {
 public:
  void add(std::string problem);
  bool full() const;
  std::vector<std::string> take() { return std::move(problems_); }

 private:
  std::vector<std::string> problems_;
};

/// Adds what is wrong with a tile: with a vector tile, packed with gzip, everything; a picture must begin and end as its format does.
void check_tile(ProblemList& problems, TileId tile, TileFormat format, ByteView bytes);
/// Adds what is wrong with a JSON object that must have a `vector_layers` array as TileJSON 3 describes it.
void check_vector_layers(ProblemList& problems, const std::string& json);

std::vector<std::string> problems_of_pmtiles(const std::filesystem::path& archive);
std::vector<std::string> problems_of_mbtiles(const std::filesystem::path& archive);

}  // namespace cairn::tiler
