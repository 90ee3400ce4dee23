#pragma once
// Field numbers of vector_tile.proto 2.1, and its kinds of geometry that we write.

#include <protozero/types.hpp>

namespace cairn::tiler {

enum TileField : protozero::pbf_tag_type { kTileLayer = 3 };
enum LayerField : protozero::pbf_tag_type { kLayerName = 1, kLayerFeature = 2, kLayerKey = 3, kLayerValue = 4, kLayerExtent = 5, kLayerVersion = 15 };
enum FeatureField : protozero::pbf_tag_type { kFeatureTags = 2, kFeatureType = 3, kFeatureGeometry = 4 };
enum ValueField : protozero::pbf_tag_type { kValueText = 1, kValueDouble = 3, kValueUint = 5, kValueSint = 6 };
enum GeometryType { kPoint = 1, kLineString = 2 };

}  // namespace cairn::tiler
