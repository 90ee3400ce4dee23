#include "tiler/layers.hpp"

#include "tiler/mvt/line_clip.hpp"
#include "tiler/mvt/mvt_writer.hpp"
#include "tiler/text_form.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace cairn::tiler {
namespace {

constexpr int kFullLinesFromZoom = 7;  ///< one zoom out only their shape shows

/// What a cell's count is measured against: the counts of all cells of its tile that have any.
struct Scale {
  double median = 0;
  double most = 0;
};

Scale scale_of(std::vector<std::uint64_t> counts) {
  std::erase(counts, 0u);
  if (counts.empty()) return {};
  std::ranges::sort(counts);
  // The lower of two middle ones: a whole number, so the same everywhere.
  return {static_cast<double>(counts[(counts.size() - 1) / 2]), static_cast<double>(counts.back())};
}

double to_three_decimals(double share) { return std::floor(share * 1000 + 0.5) / 1000; }

double coefficient(std::uint64_t count, Scale scale) {
  if (count == 0) return 0;
  const auto n = static_cast<double>(count);
  return to_three_decimals(n <= scale.median ? n / scale.median / 2 : 0.5 + n / scale.most / 2);
}

/// Three decimals hide in which last bit two C libraries differ.
double logged_coefficient(std::uint64_t count, Scale scale) {
  return count == 0 ? 0 : to_three_decimals(std::log1p(static_cast<double>(count)) / std::log1p(scale.most));
}

struct Counted {
  std::string_view suffix;  ///< of the attributes' names
  std::vector<std::uint64_t> counts;
  Scale scale;
};

MvtLayer grid_layer(const TileContent& content) {
  MvtLayer layer{"grid"};
  if (content.tile.zoom() > kGridToZoom) return layer;
  std::vector<Counted> kinds{{"", {}, {}}, {"_360_pictures", {}, {}}, {"_flat_pictures", {}, {}}};
  for (const auto& cell : content.rollup.pictures) {
    kinds[0].counts.push_back(cell.flat + cell.full_circle);
    kinds[1].counts.push_back(cell.full_circle);
    kinds[2].counts.push_back(cell.flat);
  }
  for (auto& kind : kinds) kind.scale = scale_of(kind.counts);
  for (std::size_t i = 0; i < content.rollup.pictures.size(); ++i) {
    layer.whole("nb_pictures", static_cast<std::int64_t>(kinds[0].counts[i]));
    layer.whole("nb_360_pictures", static_cast<std::int64_t>(kinds[1].counts[i]));
    layer.whole("nb_flat_pictures", static_cast<std::int64_t>(kinds[2].counts[i]));
    for (const auto& kind : kinds) {
      layer.real("coef" + std::string{kind.suffix}, coefficient(kind.counts[i], kind.scale));
      layer.real("logged_coef" + std::string{kind.suffix}, logged_coefficient(kind.counts[i], kind.scale));
    }
    const auto middle = middle_of(content.rollup.pictures[i].cell, picture_bits(content.tile.zoom()));
    layer.add_point(tile_point_of(middle, content.tile));
  }
  return layer;
}

MvtLayer lines_layer(const TileContent& content) {
  MvtLayer layer{"sequences"};
  for (const auto& line : content.rollup.sequences) {
    const auto paths = paths_in_tile(line, content.tile);
    if (paths.empty()) continue;
    if (content.tile.zoom() >= kFullLinesFromZoom) {
      layer.unique_text("id", line.id.text());
      layer.text("account_id", line.account.text());
      layer.text("model", line.camera_model);
      layer.text("type", name_of(line.projection));
      layer.text("date", date_text(line.day));
      if (line.accuracy_dm > 0) layer.real("gps_accuracy", line.accuracy_dm / 10.0);
      if (line.pixel_density > 0) layer.whole("h_pixel_density", line.pixel_density);
    }
    layer.add_lines(paths);
  }
  return layer;
}

MvtLayer pictures_layer(const TileContent& content) {
  MvtLayer layer{"pictures"};
  if (!content.items) return layer;
  for (const auto* frame : frames_once(content.items->frames)) {
    const bool full_circle = frame->projection == Projection::equirectangular;
    const auto accuracy_dm = steps_of(frame->accuracy_m, 10);
    const auto density = pixel_density(frame->width_px, frame->fov_deg, full_circle);
    const auto sequence = frame->sequence.text();
    layer.unique_text("id", frame->id.text());
    layer.text("account_id", frame->account.text());
    layer.text("ts", postgres_time_text(frame->taken_at));
    layer.whole("heading", whole_degree(frame->heading_deg));
    layer.text("type", name_of(frame->projection));
    layer.text("model", cleaned_text(frame->camera_model));
    if (accuracy_dm > 0) layer.real("gps_accuracy", accuracy_dm / 10.0);
    if (density > 0) layer.whole("h_pixel_density", density);
    layer.text("sequences", "[\"" + sequence + "\"]");
    layer.text("first_sequence", sequence);
    layer.add_point(tile_point_of(world_point_of(frame->place), content.tile));
  }
  return layer;
}

}  // namespace

Bytes panoramax_tile(const TileContent& content) {
  Bytes tile;
  grid_layer(content).append_to(tile);
  lines_layer(content).append_to(tile);
  pictures_layer(content).append_to(tile);
  return tile;
}

}  // namespace cairn::tiler
