#include "services/export/feature_export.hpp"

namespace cairn::services {
namespace {

using Kind = Column::Kind;

std::vector<Column> feature_columns() {
  return {{"id"}, {"class"}, {"state"}, {"existence", Kind::real}, {"accuracy_m", Kind::real}, {"height_m", Kind::real}, {"facing_deg", Kind::real},
          {"first_seen", Kind::time}, {"last_seen", Kind::time}, {"views", Kind::whole}, {"contributors", Kind::whole}};
}

std::vector<Cell> cells_of(const Feature& feature) {
  return {feature.id.text(), std::string{code_of(feature.object)}, std::string{feature.state == FeatureState::confirmed ? "confirmed" : "seen"}, feature.existence, feature.accuracy_m,
          feature.height_m, feature.facing_deg ? Cell{*feature.facing_deg} : Cell{}, feature.first_seen, feature.last_seen, std::int64_t{feature.views}, std::int64_t{feature.contributors}};
}

}  // namespace

FeatureExport export_features(store::Session& session, store::FeaturePage wanted, const std::filesystem::path& target, const Terms& terms, const std::function<void(std::size_t)>& tell) {
  PointFile file{target, "features", feature_columns(), terms};
  FeatureExport done;
  wanted.behind = {};
  session.read([&](store::Session& reader) {
    for (bool more = true; more; tell(done.features)) {
      const auto found = store::list_features(reader, wanted);
      for (const auto& feature : found.features) file.add(feature.place, cells_of(feature));
      done.features += found.features.size();
      more = found.last.has_value();
      if (more) wanted.behind = *found.last;
    }
  });
  done.bytes = file.finish();
  return done;
}

}  // namespace cairn::services
