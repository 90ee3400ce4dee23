// Two passes: first the pictures, which takes long; then, of one instant, everything that names them, and what was withdrawn goes.
#include "services/export/dataset_export.hpp"

#include "core/durable.hpp"
#include "services/export/dataset_files.hpp"
#include "services/store/accounts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace cairn::services {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Kind = Column::Kind;

std::vector<Detection> wanted_detections(const store::FrameRow& frame, const DatasetSelection& selection) {
  std::vector<Detection> wanted;
  if (!frame.observation) return wanted;
  const std::vector<ObjectClass> visible{kVisibleClasses.begin(), kVisibleClasses.end()};
  const auto& classes = selection.classes.empty() ? visible : selection.classes;
  std::ranges::copy_if(frame.observation->detections, std::back_inserter(wanted), [&](const Detection& one) { return std::ranges::find(classes, one.object) != classes.end(); });
  return wanted;
}

bool is_wanted(const store::FrameRow& frame, const DatasetSelection& selection) {
  return frame.observation && (selection.classes.empty() || !wanted_detections(frame, selection).empty());
}

store::FrameSearch search_of(const DatasetSelection& selection) {
  store::FrameSearch search;
  search.within = selection.within;
  search.taken_after = selection.since;
  search.taken_before = selection.until;
  search.order = store::FrameSearch::Order::id;
  search.limit = 500;
  return search;
}

/// Every published frame of the selection, by id; `looked` hears how many rows were read.
template <class Visit>
void each_frame(store::Session& session, const DatasetSelection& selection, const Visit& visit, const std::function<void(std::size_t)>& looked = [](std::size_t) {}) {
  auto search = search_of(selection);
  std::size_t count = 0;
  for (auto frames = store::search_frames(session, search); !frames.empty(); frames = store::search_frames(session, search)) {
    for (const auto& frame : frames) {
      if (is_wanted(frame, selection)) visit(frame);
      looked(++count);
    }
    search.after_id = frames.back().id;
  }
}

double hundredth(double value) { return std::round(value * 100) / 100; }

class Contributors {
 public:
  const std::string& name_of(store::Session& session, AccountId id) {
    const auto [known, is_new] = names_.try_emplace(id);
    if (is_new) {
      const auto account = store::find_account(session, id);
      known->second = account ? account->name : id.text();
    }
    return known->second;
  }

 private:
  std::map<AccountId, std::string> names_;
};

/// annotations.json and frames.fgb, picture by picture.
class Tables {
 public:
  Tables(const fs::path& folder, const DatasetSelection& selection, const Terms& terms)
      : selection_{selection}, coco_{folder / "annotations.json"}, boxes_path_{folder / "annotations.partial"}, boxes_{boxes_path_},
        places_{folder / "frames.fgb", "frames", {{"id"}, {"file_name"}, {"sequence"}, {"contributor"}, {"taken_at", Kind::time}, {"heading_deg", Kind::real},
          {"accuracy_m", Kind::real}, {"camera"}, {"width", Kind::whole}, {"height", Kind::whole}, {"sha256"}}, terms} {
    const Json info{{"description", terms.title}, {"attribution", terms.attribution}, {"boxes", "found by a detector, not checked by people"}};
    const auto licences = Json::array({{{"id", 1}, {"name", terms.licence_id}, {"url", terms.licence_url}}});
    auto categories = Json::array();
    for (std::size_t i = 0; i < kObjectClasses.size(); ++i) categories.push_back({{"id", i + 1}, {"name", code_of(kObjectClasses[i])}, {"supercategory", "street"}});
    coco_.add("{\"info\": " + info.dump() + ",\n\"licenses\": " + licences.dump() + ",\n\"categories\": " + categories.dump() + ",\n\"images\": [");
  }

  void add(const store::FrameRow& frame, const std::string& contributor) {
    const auto& seen = *frame.observation;
    const auto path = picture_path_of(frame.id);
    const auto sequence = frame.sequence ? frame.sequence->text() : std::string{};
    const Json image{{"id", ++pictures_}, {"file_name", path}, {"width", seen.width_px}, {"height", seen.height_px}, {"license", 1}, {"date_captured", to_iso8601(frame.taken_at)},
                     {"frame", frame.id.text()}, {"sequence", sequence}, {"contributor", contributor}, {"latitude", frame.place.lat_e7() / 1e7}, {"longitude", frame.place.lon_e7() / 1e7}};
    coco_.add((pictures_ == 1 ? "\n" : ",\n") + dumped(image));
    for (const auto& detection : wanted_detections(frame, selection_)) add_box(detection, seen);
    const auto& camera = frame.capture.camera;
    places_.add(frame.place, {frame.id.text(), path, sequence, contributor, frame.taken_at, frame.heading_deg ? Cell{hundredth(*frame.heading_deg)} : Cell{},
                              frame.verdict ? Cell{hundredth(frame.verdict->pose.accuracy_m)} : Cell{}, camera.make.empty() ? camera.model : camera.make + " " + camera.model,
                              std::int64_t{seen.width_px}, std::int64_t{seen.height_px}, frame.hd->hex()});
  }

  void finish() {
    boxes_.finish();
    coco_.add("\n],\n\"annotations\": [");
    std::ifstream boxes{boxes_path_, std::ios::binary};
    std::string chunk(1 << 20, '\0');
    while (boxes.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), boxes.gcount() > 0) coco_.add(std::string_view{chunk}.substr(0, static_cast<std::size_t>(boxes.gcount())));
    coco_.add("\n]}\n");
    coco_.finish();
    fs::remove(boxes_path_);
    places_.finish();
  }
  std::size_t pictures() const { return pictures_; }
  std::size_t annotations() const { return annotations_; }

 private:
  static std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

  /// The part of a box that lies in the picture.
  void add_box(const Detection& detection, const Observation& seen) {
    const auto width = static_cast<float>(seen.width_px), height = static_cast<float>(seen.height_px);
    const double left = hundredth(std::clamp(detection.box.left, 0.0F, width)), top = hundredth(std::clamp(detection.box.top, 0.0F, height));
    const double wide = hundredth(std::clamp(detection.box.right, 0.0F, width) - left), high = hundredth(std::clamp(detection.box.bottom, 0.0F, height) - top);
    if (!(wide > 0 && high > 0)) return;
    const auto category = std::ranges::find(kObjectClasses, detection.object) - kObjectClasses.begin() + 1;
    const Json box{{"id", ++annotations_}, {"image_id", pictures_}, {"category_id", category}, {"bbox", {left, top, wide, high}}, {"area", hundredth(wide * high)}, {"iscrowd", 0},
                   {"score", hundredth(static_cast<double>(detection.score))}};
    boxes_.add((annotations_ == 1 ? "\n" : ",\n") + dumped(box));
  }

  const DatasetSelection& selection_;
  TextFile coco_;
  fs::path boxes_path_;
  TextFile boxes_;                       ///< they come after all images
  PointFile places_;
  std::size_t pictures_ = 0;
  std::size_t annotations_ = 0;
};

/// The pictures that could be put there, and how many bytes they have.
std::map<FrameId, Sha256> put_pictures(store::Session& session, const store::BlobStore& blobs, const DatasetSelection& selection, const fs::path& partial, const std::function<void(std::size_t, std::size_t)>& tell) {
  const auto total = static_cast<std::size_t>(store::count_frames(session, search_of(selection)));
  std::map<FrameId, Sha256> there;
  each_frame(session, selection, [&](const store::FrameRow& frame) { if (put_picture(blobs, frame, partial)) there.emplace(frame.id, *frame.hd); },
             [&](std::size_t count) { tell(count, std::max(count, total)); });
  return there;
}

}  // namespace

DatasetExport export_dataset(store::Session& session, const store::BlobStore& blobs, const DatasetSelection& selection, const fs::path& folder, const Terms& terms,
                             const std::function<void(std::size_t, std::size_t)>& tell) {
  if (fs::exists(folder)) throw std::runtime_error{folder.string() + " is there already: name another folder, or remove it"};
  auto partial = fs::absolute(folder).lexically_normal();
  if (!partial.has_filename()) partial = partial.parent_path();
  const auto target = partial;
  partial += ".partial";
  fs::create_directories(partial / "images");
  const auto there = put_pictures(session, blobs, selection, partial, tell);

  DatasetExport done;
  std::vector<FrameId> kept;
  Tables tables{partial, selection, terms};
  Contributors contributors;
  session.read([&](store::Session& reader) {
    each_frame(reader, selection, [&](const store::FrameRow& frame) {
      const auto picture = there.find(frame.id);
      if (picture == there.end() || !frame.hd || picture->second != *frame.hd) return;   // published, or redacted anew, since
      tables.add(frame, contributors.name_of(reader, frame.account));
      done.bytes += fs::file_size(partial / picture_path_of(frame.id));
      kept.push_back(frame.id);
    });
  });
  tables.finish();
  keep_pictures(partial, kept);
  done.pictures = tables.pictures();
  done.annotations = tables.annotations();
  TextFile readme{partial / "README.md"};
  readme.add(readme_of(terms, done.pictures, done.annotations));
  readme.finish();
  sync_folder(partial);
  fs::rename(partial, target);
  sync_folder(target.parent_path());
  return done;
}

}  // namespace cairn::services
