#include "tiler/bulk/source.hpp"
#include "tiler/text_form.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <array>
#include <cmath>
#include <mutex>
#include <stdexcept>

namespace cairn::tiler::bulk {
namespace {

struct CloseDataset {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;
struct DestroyTransformation {
  void operator()(OGRCoordinateTransformation* transformation) const { OGRCoordinateTransformation::DestroyCT(transformation); }
};
struct DestroyFeature {
  void operator()(OGRFeature* feature) const { OGRFeature::DestroyFeature(feature); }
};

/// Files that hold their own data: none that fetches from elsewhere or runs what it is told.
constexpr std::array kDrivers{"FlatGeobuf", "GPKG", "Parquet", "Arrow", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "KML", "LIBKML", "GML", "GPX", "CSV", "MapInfo File", "SQLite"};

Dataset opened(const std::filesystem::path& file) {
  static std::once_flag registered;
  std::call_once(registered, [] { GDALAllRegister(); });
  std::vector<const char*> drivers{kDrivers.begin(), kDrivers.end()};
  drivers.push_back(nullptr);
  CPLErrorReset();
  const auto path = std::filesystem::absolute(file).string();
  Dataset dataset{GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers.data())};
  if (!dataset) {
    const std::string why = CPLGetLastErrorMsg();
    throw std::runtime_error{file.string() + " is no vector file that can be read" + (why.empty() ? "" : ": " + why)};
  }
  return dataset;
}

/// Files say of their texts what they like: what is no UTF-8 is replaced, because no tile may hold it.
std::string shown(const char* text) { return is_utf8(text) ? text : cleaned_text(text, std::string::npos); }

class GdalLayer : public FeatureSource {
 public:
  GdalLayer(const std::filesystem::path& file, const std::string& layer) : path_{file.string()}, dataset_{opened(file)} {
    layer_ = dataset_->GetLayerByName(layer.c_str());
    if (!layer_) throw std::runtime_error{path_ + " has no layer '" + layer + "'"};
    layer_->ResetReading();
    count_ = layer_->GetFeatureCount(FALSE);
    to_wgs84();
    for (int i = 0; i < layer_->GetLayerDefn()->GetFieldCount(); ++i) names_.push_back(shown(layer_->GetLayerDefn()->GetFieldDefn(i)->GetNameRef()));
  }

  bool next(Feature& feature) override {
    for (;;) {
      CPLErrorReset();
      current_.reset(layer_->GetNextFeature());
      if (!current_) break;
      ++read_;
      feature.clear();
      if (!take_geometry(feature)) continue;
      take_attributes(feature);
      return true;
    }
    if (CPLGetLastErrorType() >= CE_Failure) throw std::runtime_error{path_ + ", after feature " + std::to_string(read_) + ": " + CPLGetLastErrorMsg()};
    return false;
  }
  double share_read() const override { return count_ > 0 ? std::min(1.0, static_cast<double>(read_) / static_cast<double>(count_)) : 0; }

 private:
  void to_wgs84() {
    const auto* from = layer_->GetSpatialRef();
    if (!from) return;  // longitude and latitude, as GeoJSON has them
    OGRSpatialReference wgs84;
    wgs84.SetWellKnownGeogCS("WGS84");
    wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    OGRSpatialReference own{*from};
    own.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    if (own.IsSame(&wgs84)) return;
    transformation_.reset(OGRCreateCoordinateTransformation(&own, &wgs84));
    if (!transformation_) throw std::runtime_error{path_ + ": its coordinates can't be turned into longitude and latitude"};
  }

  bool take_geometry(Feature& feature) {
    auto* geometry = current_->GetGeometryRef();
    if (!geometry || geometry->IsEmpty()) return leave(LeftOut::no_geometry);
    std::unique_ptr<OGRGeometry> linear;
    if (geometry->hasCurveGeometry()) {
      linear.reset(geometry->getLinearGeometry());
      geometry = linear.get();
    }
    if (transformation_ && geometry->transform(transformation_.get()) != OGRERR_NONE) return leave(LeftOut::outside_the_globe);
    switch (wkbFlatten(geometry->getGeometryType())) {
      case wkbPoint: case wkbMultiPoint: feature.geometry = Geometry::point; break;
      case wkbLineString: case wkbMultiLineString: feature.geometry = Geometry::line; break;
      case wkbPolygon: case wkbMultiPolygon: feature.geometry = Geometry::polygon; break;
      default: return leave(LeftOut::no_geometry);
    }
    inside_ = true;
    add(*geometry, feature);
    if (feature.vertices.empty()) return leave(LeftOut::no_geometry);
    if (!inside_) return leave(LeftOut::outside_the_globe);
    return feature.vertices.size() <= kMostVertices || leave(LeftOut::too_many_vertices);
  }
  bool leave(LeftOut why) {
    leave_out(why);
    return false;
  }

  void add(const OGRGeometry& geometry, Feature& feature) {
    switch (wkbFlatten(geometry.getGeometryType())) {
      case wkbPoint: add_vertex(geometry.toPoint()->getX(), geometry.toPoint()->getY(), feature); break;
      case wkbLineString: add_part(*geometry.toLineString(), feature); break;
      case wkbPolygon:
        for (const auto* ring : *geometry.toPolygon()) add_part(*ring, feature);
        feature.polygon_ends.push_back(static_cast<std::uint32_t>(feature.part_ends.size()));
        break;
      default:
        for (const auto* part : *geometry.toGeometryCollection()) add(*part, feature);
    }
  }
  void add_part(const OGRSimpleCurve& curve, Feature& feature) {
    for (int i = 0; i < curve.getNumPoints(); ++i) add_vertex(curve.getX(i), curve.getY(i), feature);
    feature.part_ends.push_back(static_cast<std::uint32_t>(feature.vertices.size()));
  }
  void add_vertex(double lon_deg, double lat_deg, Feature& feature) {
    Vertex2d vertex;
    inside_ = project(lon_deg, lat_deg, vertex) && inside_;
    if (feature.vertices.size() <= kMostVertices) feature.vertices.push_back(vertex);
  }

  void take_attributes(Feature& feature) {
    texts_.clear();
    texts_.reserve(names_.size());  // views into these texts must stay
    for (int i = 0; i < static_cast<int>(names_.size()); ++i) {
      if (!current_->IsFieldSetAndNotNull(i)) continue;
      const std::string_view name = names_[static_cast<std::size_t>(i)];
      const auto* field = current_->GetFieldDefnRef(i);
      if (field->GetSubType() == OFSTBoolean) {
        feature.attributes.push_back({name, current_->GetFieldAsInteger(i) != 0});
      } else if (field->GetType() == OFTInteger || field->GetType() == OFTInteger64) {
        feature.attributes.push_back({name, static_cast<std::int64_t>(current_->GetFieldAsInteger64(i))});
      } else if (field->GetType() == OFTReal) {
        add_real(feature, name, current_->GetFieldAsDouble(i));
      } else {
        add_text(feature, name, current_->GetFieldAsString(i));
      }
    }
  }
  static void add_real(Feature& feature, std::string_view name, double value) {
    if (std::isfinite(value)) feature.attributes.push_back({name, value});
  }
  void add_text(Feature& feature, std::string_view name, const char* text) {
    if (*text == '\0') return;
    texts_.push_back(shown(text));
    feature.attributes.push_back({name, std::string_view{texts_.back()}});
  }

  std::string path_;
  Dataset dataset_;
  OGRLayer* layer_ = nullptr;
  std::unique_ptr<OGRCoordinateTransformation, DestroyTransformation> transformation_;
  std::unique_ptr<OGRFeature, DestroyFeature> current_;
  std::vector<std::string> names_;
  std::vector<std::string> texts_;
  std::int64_t count_ = 0;
  std::int64_t read_ = 0;
  bool inside_ = true;
};

}  // namespace

std::vector<std::string> layers_with_gdal(const std::filesystem::path& file) {
  const auto dataset = opened(file);
  std::vector<std::string> names;
  for (const auto* layer : dataset->GetLayers()) names.emplace_back(const_cast<OGRLayer*>(layer)->GetName());
  return names;
}

std::unique_ptr<FeatureSource> open_with_gdal(const std::filesystem::path& file, const std::string& layer) {
  return std::make_unique<GdalLayer>(file, layer);
}

}  // namespace cairn::tiler::bulk
