#pragma once
// Sources -> sorted points and shapes.

#include "tiler/bulk/build.hpp"
#include "tiler/bulk/shape_cutter.hpp"
#include "tiler/bulk/tile_stream.hpp"

namespace cairn::tiler::bulk {

class FeatureReader {
 public:
  FeatureReader(const std::filesystem::path& target, const BuildOptions& options, const HighestRanks& highest_ranks);

  /// Reads a source to its end and counts in `summary` what it gave and left out.
  void read(Input& input, BuildSummary& summary, const TellProgress& tell);
  /// No more will come.
  void sort();
  const Piles& piles() const { return piles_; }
  const std::vector<LayerWords>& layers() const { return layers_; }

 private:
  std::uint32_t layer_named(const std::string& given);
  void add_points(const Feature& feature, std::uint32_t layer, std::uint64_t says);
  void add_shape(const Feature& feature, std::uint32_t layer, std::uint64_t says);

  const BuildOptions& options_;
  const HighestRanks& highest_ranks_;
  Piles piles_;
  std::vector<LayerWords> layers_;
  ShapeCutter cutter_;
  Buffer attributes_, record_;
};

}  // namespace cairn::tiler::bulk
