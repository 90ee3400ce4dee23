#include "core/s2_cell.hpp"
#include "fusion/fuse.hpp"
#include "rewards/cell.hpp"
#include "services/codec/codec.hpp"
#include "services/worker/stages.hpp"
#include "tiler/tile_set.hpp"

#include <map>

namespace cairn::worker {
namespace {

using store::Namespace;

vision::FrameToInspect frame_from(const bus::FrameToInspect& record, ByteView jpeg) {
  vision::FrameToInspect frame;
  frame.id = FrameId::parse(record.id()).value();
  frame.jpeg = jpeg;
  frame.orientation = record.orientation();
  frame.projection = record.equirectangular() ? Projection::equirectangular : Projection::flat;
  if (record.has_focal_px()) frame.focal_px = record.focal_px();
  return frame;
}

void write_inspected(const vision::InspectedFrame& inspected, const Tools& tools, bus::InspectedFrame* record) {
  record->set_id(inspected.id.text());
  *record->mutable_observation() = codec::to_record(inspected.observation);
  if (inspected.refusal) *record->mutable_refusal() = codec::to_record(*inspected.refusal);
  if (!inspected.pictures) return;
  record->set_hd(tools.blobs().put(Namespace::public_, inspected.pictures->hd).hex());
  record->set_sd(tools.blobs().put(Namespace::public_, inspected.pictures->sd).hex());
  record->set_thumb(tools.blobs().put(Namespace::public_, inspected.pictures->thumb).hex());
}

fusion::SequenceToFuse sequence_from(const bus::FuseTask& task) {
  fusion::SequenceToFuse sequence;
  sequence.id = SequenceId::parse(task.sequence()).value();
  sequence.contributor = AccountId::parse(task.contributor()).value();
  if (task.has_relative_heading_deg()) sequence.mount_deg = task.relative_heading_deg();
  for (const auto& record : task.frames()) {
    fusion::ObservedFrame frame;
    frame.capture = codec::from_record(record.capture());
    if (record.has_observation()) frame.observation = codec::from_record(record.observation());
    if (record.has_refusal()) frame.refusal = codec::from_record(record.refusal());
    frame.hidden = record.hidden();
    sequence.frames.push_back(std::move(frame));
  }
  sequence.signed_share = task.signed_share();
  return sequence;
}

/// The verdicts of frames that anyone may see.
std::vector<FrameVerdict> shown_of(const std::vector<FrameVerdict>& verdicts, const bus::FuseTask& task) {
  std::vector<FrameVerdict> shown;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].accepted() && !task.frames(static_cast<int>(i)).hidden()) shown.push_back(verdicts[i]);
  }
  return shown;
}

/// The road cells that these frames saw, each with its latest visit.
void write_coverage(const std::vector<FrameVerdict>& verdicts, bus::FuseResult& result) {
  std::map<rewards::CellOctant, UtcTime> seen;
  for (const auto& verdict : verdicts) {
    auto& last = seen[rewards::cell_octant_of(verdict.pose.place, verdict.pose.heading_deg, rewards::kRoadCellLevel)];
    last = std::max(last, verdict.pose.taken_at);
  }
  for (const auto& [where, last] : seen) {
    const auto centre = s2_centre_of(where.cell);
    auto* visit = result.add_coverage();
    visit->set_cell(where.cell);
    visit->set_octant(where.octant);
    visit->mutable_place()->set_lat_e7(centre.lat_e7());
    visit->mutable_place()->set_lon_e7(centre.lon_e7());
    visit->set_last_seen(micros_of(last));
  }
}

void write_line(const std::vector<FrameVerdict>& verdicts, bus::FuseResult& result) {
  std::vector<LatLon> line;
  for (const auto& verdict : verdicts) line.push_back(verdict.pose.place);
  for (const int zoom : tiler::significance_of(line)) result.add_line_zooms(zoom);
}

}  // namespace

bus::InspectResult run_inspect(const bus::InspectTask& task, Tools& tools) {
  auto& inspector = tools.inspector();
  inspector.begin_sequence();
  if (task.has_before()) {
    const auto jpeg = tools.blob(Namespace::private_, task.before().content());
    inspector.follow(frame_from(task.before(), jpeg));
  }
  bus::InspectResult result;
  for (const auto& frame : task.frames()) {
    tools.moves();
    const auto jpeg = tools.blob(Namespace::private_, frame.content());
    write_inspected(inspector.inspect(frame_from(frame, jpeg)), tools, result.add_frames());
  }
  return result;
}

bus::FuseResult run_fuse(const bus::FuseTask& task) {
  const auto fused = fusion::fuse(sequence_from(task));
  bus::FuseResult result;
  for (const auto& verdict : fused.verdicts) *result.add_verdicts() = codec::to_record(verdict);
  for (const auto& sighting : fused.sightings) *result.add_sightings() = codec::to_record(sighting);
  for (const auto& value : fused.values) {
    auto* record = result.mutable_values()->add_values();
    record->set_name(value.name);
    record->set_value(value.value);
  }
  for (const auto& frame : task.frames()) result.add_hidden(frame.hidden());
  const auto shown = shown_of(fused.verdicts, task);
  write_line(shown, result);
  write_coverage(shown, result);
  return result;
}

}  // namespace cairn::worker
