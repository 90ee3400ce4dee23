#include "services/changes/private_areas.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/accounts.hpp"
#include "services/store/private_areas.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>

namespace cairn::cli {
namespace {

using nlohmann::json;

struct AreasOptions {
  services::Settings settings;
  std::string account, name, file, id;
  std::optional<double> lat, lon;
  double radius_m = 200;
};

/// Whose areas: a contributor's zones, or, when none is named, what the operator excludes.
std::optional<AccountId> owner_of(store::Session& session, const AreasOptions& options) {
  if (options.account.empty()) return std::nullopt;
  return named_account(session, options.account).id;
}

/// Every geometry in a GeoJSON object; of a MultiPolygon each part.
void collect_shapes(const json& object, std::vector<json>& shapes) {
  const auto type = object.is_object() ? object.value("type", json{}) : json{};
  if (type == "FeatureCollection") {
    for (const auto& feature : object.value("features", json::array())) collect_shapes(feature, shapes);
  } else if (type == "Feature") {
    collect_shapes(object.value("geometry", json{}), shapes);
  } else if (type == "MultiPolygon") {
    for (const auto& polygon : object.value("coordinates", json::array())) shapes.push_back({{"type", "Polygon"}, {"coordinates", polygon}});
  } else {
    shapes.push_back(object);
  }
}

std::vector<json> shapes_of(const AreasOptions& options) {
  if (options.file.empty() && !(options.lat && options.lon)) throw std::runtime_error{"say where: --lat and --lon, or --file"};
  if (options.file.empty()) return {{{"type", "Circle"}, {"center", {*options.lon, *options.lat}}, {"radius_m", options.radius_m}}};
  std::vector<json> shapes;
  collect_shapes(json::parse(std::ifstream{options.file}, nullptr, false), shapes);
  return shapes;
}

void add_areas(const AreasOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto owner = owner_of(session, options);
  std::vector<area::PrivateArea> areas;
  for (const auto& shape : shapes_of(options)) {
    auto read = area::PrivateArea::from_json(shape, owner ? area::kZoneLimits : area::kExcludedLimits);
    const auto* problem = std::get_if<std::string>(&read);
    if (problem) throw std::runtime_error{(options.file.empty() ? "" : options.file + ", area " + std::to_string(areas.size() + 1) + ": ") + *problem};
    areas.push_back(std::get<area::PrivateArea>(std::move(read)));
  }
  std::vector<std::string> ids;
  session.write([&](store::Session& writer) {
    ids.clear();
    for (const auto& area : areas) {
      const auto id = changes::add_private_area(writer, owner, options.name, area, services::now_utc());
      if (!id) throw std::runtime_error{"there would be more than " + std::to_string(owner ? changes::kMostZones : changes::kMostExcludedAreas) + " areas: remove some first"};
      ids.push_back(*id);
    }
  });
  for (const auto& id : ids) std::cout << id << "\n";
}

void list_areas(const AreasOptions& options) {
  auto session = open_catalogue(options.settings);
  for (const auto& row : store::private_areas_of(session, owner_of(session, options))) std::cout << row.id << "  " << row.name << "  " << row.shape << "\n";
}

void remove_area(const AreasOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto owner = owner_of(session, options);
  bool was_there = false;
  session.write([&](store::Session& writer) { was_there = store::delete_private_area(writer, options.id, owner); });
  if (!was_there) throw std::runtime_error{"there is no area " + options.id + ": see `cairn areas list`"};
}

}  // namespace

void add_areas_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("areas", "Places where nothing is shown: of everybody, or of one contributor (--account)");
  Subcommands<AreasOptions> commands{*command, code};
  auto& options = commands.options();
  auto* add = commands.add("add", "Add an area; what is in it goes for good, also when it was published", add_areas);
  add->add_option("--name", options.name, "what it is");
  auto* lat = add->add_option("--lat", options.lat, "of the centre, in degrees")->check(CLI::Range(-90.0, 90.0));
  auto* lon = add->add_option("--lon", options.lon, "of the centre, in degrees")->check(CLI::Range(-180.0, 180.0))->needs(lat);
  add->add_option("--radius", options.radius_m, "in metres")->check(CLI::Range(10.0, 10'000.0))->capture_default_str();
  auto* file = add->add_option("--file", options.file, "GeoJSON with polygons instead")->check(CLI::ExistingFile)->excludes(lat)->excludes(lon);
  lat->needs(lon)->excludes(file);
  auto* list = commands.add("list", "The areas", list_areas);
  auto* remove = commands.add("remove", "Remove an area; what it took away stays away", remove_area);
  remove->add_option("id", options.id, "from `cairn areas list`")->required();
  for (auto* sub : {add, list, remove}) sub->add_option("--account", options.account, "of this contributor");
  command->footer("Examples:\n  cairn areas add --account anna --name home --lat 55.7 --lon 13.2 --radius 300\n  cairn areas add --name barracks --file barracks.geojson");
}

}  // namespace cairn::cli
