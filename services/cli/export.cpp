// `cairn export`: what the map knows, for other programs.
#include "services/cli/commands.hpp"
#include "services/cli/progress.hpp"
#include "services/cli/subcommands.hpp"
#include "services/export/coverage_export.hpp"
#include "services/export/dataset_export.hpp"
#include "services/export/feature_export.hpp"

#include <iostream>

namespace cairn::cli {
namespace {

struct ExportOptions {
  services::Settings settings;
  std::string target;
  std::vector<double> box;
  std::string since, until;
  std::vector<std::string> classes;
  int zoom = services::CoverageSelection::kMostZoom;
};

std::optional<GeoBounds> box_of(const ExportOptions& options) {
  const auto& box = options.box;
  if (box.empty()) return std::nullopt;
  const bool on_globe = LatLon::from_degrees(box[1], box[0]) && LatLon::from_degrees(box[3], box[2]);
  if (!on_globe || box[0] > box[2] || box[1] > box[3]) throw std::runtime_error{"--bbox is west,south,east,north in degrees"};
  return GeoBounds{box[0], box[1], box[2], box[3]};
}

/// A day stands for its beginning.
std::optional<UtcTime> time_of(const char* flag, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = time_from_iso8601(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time) throw std::runtime_error{std::string{flag} + " is '" + text + "': give a time such as 2026-05-01 or 2026-05-01T12:30:00Z"};
  return time;
}

std::vector<ObjectClass> classes_of(const ExportOptions& options) {
  std::vector<ObjectClass> classes;
  for (const auto& name : options.classes) classes.push_back(object_class_from_code(name).value());  // the option took no other
  return classes;
}

/// As the map's, of a part of it.
Terms terms_of(const ExportOptions& options, const char* part) {
  auto terms = options.settings.map;
  terms.title += ": " + std::string{part};
  return terms;
}

void export_features(const ExportOptions& options) {
  auto session = open_catalogue(options.settings);
  store::FeaturePage wanted;
  wanted.within = box_of(options);
  wanted.seen_after = time_of("--since", options.since);
  wanted.seen_before = time_of("--until", options.until);
  if (options.classes.size() > 1) throw std::runtime_error{"name one --class, or none for all"};
  if (!options.classes.empty()) wanted.object = classes_of(options).front();
  StatusLine line;
  const auto done = services::export_features(session, wanted, options.target, terms_of(options, "features"), [&](std::size_t count) { line.show(std::to_string(count) + " features"); });
  std::cout << options.target << ": " << done.features << " features, " << human_bytes(static_cast<double>(done.bytes)) << "\n";
}

void export_dataset(const ExportOptions& options) {
  auto session = open_catalogue(options.settings);
  const store::BlobStore blobs{options.settings.blob_folder()};
  const services::DatasetSelection selection{box_of(options), time_of("--since", options.since), time_of("--until", options.until), classes_of(options)};
  StatusLine line;
  const auto tell = [&](std::size_t done, std::size_t of) { line.show("looked at " + std::to_string(done) + " of " + std::to_string(of) + " pictures"); };
  const auto done = services::export_dataset(session, blobs, selection, options.target, terms_of(options, "pictures with what was found in them"), tell);
  std::cout << options.target << ": " << done.pictures << " pictures, " << done.annotations << " boxes, " << human_bytes(static_cast<double>(done.bytes)) << "\n";
}

void export_coverage(const ExportOptions& options) {
  auto session = open_catalogue(options.settings);
  services::CoverageExport done;
  {
    RateLine line;
    done = services::export_coverage(session, {box_of(options), options.zoom}, options.target, terms_of(options, "coverage"),
                                     [&](const char* stage, double share, std::uint64_t squares) { line.show(stage, share, squares); });
  }
  std::cout << options.target << ": " << done.width << " x " << done.height << " pixels, " << done.squares << " with road, " << human_bytes(static_cast<double>(done.bytes)) << "\n";
}

}  // namespace

void add_export_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("export", "Write features, coverage, or pictures with what was found in them, for other programs");
  Subcommands<ExportOptions> commands{*command, code};
  auto& options = commands.options();
  auto* features = commands.add("features", "The map's features as FlatGeobuf, GeoJSON lines, GeoPackage or GeoParquet", export_features);
  features->add_option("-o,--output", options.target, "FILE.fgb, .geojsonl, .gpkg or .parquet")->required();
  auto* coverage = commands.add("coverage", "When and how often road was seen, as a cloud-optimized GeoTIFF", export_coverage);
  coverage->add_option("-o,--output", options.target, "FILE.tif")->required();
  coverage->add_option("--zoom", options.zoom, "A pixel is 1/64 of a tile of this zoom: 38 m at the equator at 14, twice as much at 13, …")
      ->check(CLI::Range(services::CoverageSelection::kLeastZoom, services::CoverageSelection::kMostZoom))->capture_default_str();
  auto* dataset = commands.add("dataset", "Redacted pictures with detections (COCO), for training models", export_dataset);
  dataset->add_option("-o,--output", options.target, "The folder to make; a run that was cut off goes on")->required();
  std::vector<std::string> codes;
  for (const auto object : kObjectClasses) codes.emplace_back(code_of(object));
  for (auto* sub : {features, coverage, dataset}) sub->add_option("--bbox", options.box, "west,south,east,north in degrees")->delimiter(',')->expected(4);
  for (auto* sub : {features, dataset}) {
    sub->add_option("--since", options.since, "Seen or taken since then: 2026-05-01, or with a time");
    sub->add_option("--until", options.until, "Seen or taken until then");
    sub->add_option("--class", options.classes, "Only this class; a dataset takes several")->check(CLI::IsMember(codes));
  }
  command->footer("Examples:\n  cairn export features -o signs.fgb --class sign\n  cairn export coverage -o lund.tif --bbox 13.1,55.6,13.3,55.8\n  cairn export dataset -o lund-2026 --bbox 13.1,55.6,13.3,55.8 --since 2026-01-01");
}

}  // namespace cairn::cli
