#include "services/export/point_file.hpp"

#include "core/durable.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <array>
#include <mutex>
#include <stdexcept>

namespace cairn::services {
namespace {

namespace fs = std::filesystem;

struct Format {
  std::string_view ending;
  const char* driver;
};
constexpr std::array kFormats{Format{".fgb", "FlatGeobuf"}, Format{".geojsonl", "GeoJSONSeq"}, Format{".geojsons", "GeoJSONSeq"},
                              Format{".ndjson", "GeoJSONSeq"}, Format{".gpkg", "GPKG"}, Format{".parquet", "Parquet"}};

GDALDriver& driver_for(const fs::path& target) {
  static std::once_flag registered;
  std::call_once(registered, [] { GDALAllRegister(); });
  for (const auto& format : kFormats) {
    if (target.extension() != format.ending) continue;
    auto* driver = GetGDALDriverManager()->GetDriverByName(format.driver);
    if (!driver) throw std::runtime_error{target.string() + ": this GDAL was built without " + format.driver + "; take .fgb, .geojsonl or .gpkg"};
    return *driver;
  }
  throw std::runtime_error{target.string() + ": name a file that ends in .fgb, .geojsonl, .gpkg or .parquet"};
}

OGRFieldType type_of(Column::Kind kind) {
  switch (kind) {
    case Column::Kind::whole: return OFTInteger64;
    case Column::Kind::real: return OFTReal;
    case Column::Kind::time: return OFTDateTime;
    case Column::Kind::text: break;
  }
  return OFTString;
}

void set_time(OGRFeature& feature, int field, UtcTime time) {
  constexpr int kUtc = 100;  // GDAL's code for it
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
  const auto seconds = static_cast<float>(clock.seconds().count()) + static_cast<float>(clock.subseconds().count()) / 1000.0F;
  feature.SetField(field, static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(static_cast<unsigned>(date.day())),
                   static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()), seconds, kUtc);
}

struct SetCell {
  OGRFeature& feature;
  int field;
  void operator()(std::monostate) const { feature.SetFieldNull(field); }
  void operator()(const std::string& text) const { feature.SetField(field, text.c_str()); }
  void operator()(std::int64_t number) const { feature.SetField(field, static_cast<GIntBig>(number)); }
  void operator()(double number) const { feature.SetField(field, number); }
  void operator()(UtcTime time) const { set_time(feature, field, time); }
};

}  // namespace

struct PointFile::State {
  fs::path target, partial;
  std::vector<Column> columns;
  Terms terms;
  GDALDataset* dataset = nullptr;
  OGRLayer* layer = nullptr;
  bool in_transaction = false;   ///< a GeoPackage: it would sync every row

  ~State() {
    const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
    if (dataset) GDALClose(dataset);
    std::error_code none;
    if (!partial.empty()) fs::remove(partial, none);
  }
  [[noreturn]] void fail() const {
    const std::string why = CPLGetLastErrorMsg();
    throw std::runtime_error{"can't write " + target.string() + (why.empty() ? "" : ": " + why)};
  }
  void add_field(const std::string& name, OGRFieldType type) {
    OGRFieldDefn field{name.c_str(), type};
    if (layer->CreateField(&field) != OGRERR_NONE) fail();
  }
};

PointFile::PointFile(fs::path target, const std::string& layer, std::vector<Column> columns, const Terms& terms) : state_{std::make_unique<State>()} {
  auto& driver = driver_for(target);
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  CPLErrorReset();
  auto& state = *state_;
  state.target = std::move(target);
  state.partial = state.target.parent_path() / (".partial-" + state.target.filename().string());
  state.columns = std::move(columns);
  state.terms = terms;
  std::error_code none;
  fs::remove(state.partial, none);
  state.dataset = driver.Create(state.partial.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  if (!state.dataset) state.fail();
  OGRSpatialReference wgs84;
  wgs84.SetWellKnownGeogCS("WGS84");
  wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  state.layer = state.dataset->CreateLayer(layer.c_str(), &wgs84, wkbPoint, nullptr);
  if (!state.layer) state.fail();
  for (const auto& [name, value] : {std::pair{"TITLE", &terms.title}, {"LICENCE", &terms.licence_url}, {"ATTRIBUTION", &terms.attribution}}) {
    state.layer->SetMetadataItem(name, value->c_str());
  }
  for (const auto& column : state.columns) state.add_field(std::string{column.name}, type_of(column.kind));
  state.add_field("licence", OFTString);
  state.add_field("attribution", OFTString);
  state.in_transaction = driver.GetDescription() == std::string_view{"GPKG"};
  if (state.in_transaction && state.dataset->StartTransaction() != OGRERR_NONE) state.fail();
}

PointFile::~PointFile() = default;

void PointFile::add(LatLon place, const std::vector<Cell>& cells) {
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  auto& state = *state_;
  OGRFeature feature{state.layer->GetLayerDefn()};
  int field = 0;
  for (const auto& cell : cells) std::visit(SetCell{feature, field++}, cell);
  feature.SetField(field++, state.terms.licence_id.c_str());
  feature.SetField(field, state.terms.attribution.c_str());
  OGRPoint point{place.lon_e7() / 1e7, place.lat_e7() / 1e7};
  if (feature.SetGeometry(&point) != OGRERR_NONE || state.layer->CreateFeature(&feature) != OGRERR_NONE) state.fail();
}

std::uint64_t PointFile::finish() {
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  CPLErrorReset();
  auto& state = *state_;
  if (state.in_transaction && state.dataset->CommitTransaction() != OGRERR_NONE) state.fail();
  GDALClose(state.dataset);  // writes the index of a FlatGeobuf
  state.dataset = nullptr;
  if (CPLGetLastErrorType() >= CE_Failure) state.fail();
  sync_file(state.partial);
  fs::rename(state.partial, state.target);
  state.partial.clear();
  sync_folder(fs::absolute(state.target).parent_path());
  return fs::file_size(state.target);
}

}  // namespace cairn::services
