#include "tiler/bulk/feature_reader.hpp"

#include "tiler/text_form.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::tiler::bulk {
namespace {

constexpr std::uint64_t kFeaturesPerMessage = 65'536;

/// Evenly spread over what a feature says and where it is (the finisher of SplitMix64), and the same whatever the order of features.
std::uint32_t rank_of(const Vertex2d& vertex, std::uint64_t says) {
  auto bits = says + static_cast<std::uint64_t>(vertex.x) * 0x9e3779b97f4a7c15 + static_cast<std::uint64_t>(vertex.y);
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return static_cast<std::uint32_t>((bits ^ (bits >> 31)) >> 32);
}

std::uint32_t in_world(double units) { return static_cast<std::uint32_t>(std::clamp(std::floor(units), 0.0, 4'294'967'295.0)); }

template <class Head>
std::string_view bytes_of_head(const Head& head) {
  return {reinterpret_cast<const char*>(&head), sizeof head};
}

}  // namespace

FeatureReader::FeatureReader(const std::filesystem::path& target, const BuildOptions& options, const HighestRanks& highest_ranks)
    : options_{options},
      highest_ranks_{highest_ranks},
      piles_{SortedPile{target, options.memory / 2}, SortedPile{target, options.memory / 2}, Shelf{target}},
      cutter_{options.max_zoom} {}

void FeatureReader::read(Input& input, BuildSummary& summary, const TellProgress& tell) {
  const auto layer = layer_named(input.layer);
  Feature feature;
  while (input.source->next(feature)) {
    if (!options_.attributes.empty()) {
      std::erase_if(feature.attributes, [&](const Attribute& attribute) { return std::ranges::find(options_.attributes, attribute.key) == options_.attributes.end(); });
    }
    attributes_.clear();
    const auto says = layers_[layer].words.pack(feature.attributes, attributes_);
    feature.geometry == Geometry::point ? add_points(feature, layer, says) : add_shape(feature, layer, says);
    if (++summary.features % kFeaturesPerMessage == 0 && tell) tell({"reading", input.source->share_read(), summary.features});
  }
  for (std::size_t i = 0; i < summary.left_out.size(); ++i) summary.left_out[i] += input.source->left_out()[i];
}

void FeatureReader::sort() {
  piles_.points.sort();
  piles_.shapes.sort();
  piles_.attributes.close();
}

std::uint32_t FeatureReader::layer_named(const std::string& given) {
  const auto name = cleaned_text(given);
  const auto found = std::ranges::find(layers_, name, &LayerWords::name);
  const auto index = static_cast<std::uint32_t>(found - layers_.begin());
  if (found == layers_.end()) layers_.push_back({name, {}});
  return index;
}

void FeatureReader::add_points(const Feature& feature, std::uint32_t layer, std::uint64_t says) {
  for (const auto& vertex : feature.vertices) {
    const PointHead head{{in_world(vertex.x), in_world(vertex.y)}, rank_of(vertex, says), layer};
    record_.clear();
    record_.reserve(sizeof head + attributes_.size());
    record_.block(bytes_of_head(head));
    record_.block(attributes_.view());
    piles_.points.add(hilbert_id_of(tile_of(head.place, options_.max_zoom)) - first_hilbert_id_of(options_.max_zoom), record_.view());
  }
}

void FeatureReader::add_shape(const Feature& feature, std::uint32_t layer, std::uint64_t says) {
  cutter_.take(feature);
  const ShapeHead head{rank_of(feature.vertices.front(), says), layer, static_cast<std::uint32_t>(feature.geometry), piles_.attributes.put(attributes_.view()), attributes_.size()};
  for (int zoom = options_.min_zoom; zoom <= options_.max_zoom; ++zoom) {
    if (head.rank > highest_ranks_[static_cast<std::size_t>(zoom)]) continue;
    cutter_.cut(zoom, [&](HilbertId tile, std::string_view geometry) {
      record_.clear();
      record_.reserve(sizeof head + geometry.size());
      record_.block(bytes_of_head(head));
      record_.block(geometry);
      piles_.shapes.add(tile, record_.view());
    });
  }
}

}  // namespace cairn::tiler::bulk
