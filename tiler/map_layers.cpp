#include "tiler/layers.hpp"

#include "tiler/mvt/line_clip.hpp"
#include "tiler/mvt/mvt_writer.hpp"
#include "tiler/text_form.hpp"

namespace cairn::tiler {
namespace {

std::string_view code_of_state(FeatureState state) { return state == FeatureState::confirmed ? "confirmed" : "seen"; }

MvtLayer features_layer(const TileContent& content) {
  MvtLayer layer{"features"};
  for (const auto& dot : content.rollup.features) {
    layer.unique_text("id", dot.id.text());
    layer.text("class", code_of(dot.object));
    layer.text("state", code_of_state(dot.state));
    layer.real("existence", dot.existence_percent / 100.0);
    layer.real("accuracy_m", dot.accuracy_dm / 10.0);
    if (dot.facing_plus_one > 0) layer.whole("facing", dot.facing_plus_one - 1);
    layer.text("first_seen", date_text(dot.first_day));
    layer.text("last_seen", date_text(dot.last_day));
    layer.whole("views", dot.views);
    layer.whole("contributors", dot.contributors);
    layer.add_point(tile_point_of(dot.point, content.tile));
  }
  return layer;
}

MvtLayer coverage_layer(const TileContent& content) {
  MvtLayer layer{"coverage"};
  if (content.items) {
    for (const auto* seen : coverage_once(content.items->coverage)) {
      layer.whole("octant", seen->octant);
      layer.text("last_seen", date_text(day_of(seen->last_seen)));
      layer.whole("passes", seen->passes);
      layer.whole("cells", 1);
      layer.add_point(tile_point_of(world_point_of(seen->place), content.tile));
    }
    return layer;
  }
  for (const auto& cell : content.rollup.coverage) {
    layer.text("last_seen", date_text(cell.last_day));
    layer.whole("passes", static_cast<std::int64_t>(cell.passes));
    layer.whole("cells", static_cast<std::int64_t>(cell.cells));
    layer.add_point(tile_point_of(middle_of(cell.cell, coverage_bits(content.tile.zoom())), content.tile));
  }
  return layer;
}

MvtLayer sequences_layer(const TileContent& content) {
  MvtLayer layer{"sequences"};
  for (const auto& line : content.rollup.sequences) {
    const auto paths = paths_in_tile(line, content.tile);
    if (paths.empty()) continue;
    layer.unique_text("id", line.id.text());
    layer.text("account", line.account.text());
    layer.text("date", date_text(line.day));
    layer.text("type", name_of(line.projection));
    layer.real("accuracy_m", line.accuracy_dm / 10.0);
    layer.add_lines(paths);
  }
  return layer;
}

MvtLayer frames_layer(const TileContent& content) {
  MvtLayer layer{"frames"};
  if (!content.items) return layer;
  for (const auto* frame : frames_once(content.items->frames)) {
    layer.unique_text("id", frame->id.text());
    layer.text("sequence", frame->sequence.text());
    layer.text("ts", to_iso8601(frame->taken_at));
    layer.whole("heading", whole_degree(frame->heading_deg));
    layer.real("accuracy", steps_of(frame->accuracy_m, 10) / 10.0);
    layer.real("quality", steps_of(frame->quality, 100) / 100.0);
    layer.add_point(tile_point_of(world_point_of(frame->place), content.tile));
  }
  return layer;
}

}  // namespace

Bytes map_tile(const TileContent& content) {
  Bytes tile;
  coverage_layer(content).append_to(tile);
  sequences_layer(content).append_to(tile);
  frames_layer(content).append_to(tile);
  features_layer(content).append_to(tile);
  return tile;
}

}  // namespace cairn::tiler
