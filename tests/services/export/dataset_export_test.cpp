#include "services/export/dataset_export.hpp"

#include "services/store/accounts.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/shared_data.hpp"

#include <fstream>
#include <map>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const Terms terms{"Lund", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", "People of Lund"};

/// Six pictures of anna, each with a sign, a plate and, every second one, a traffic light that reaches out of the picture.
struct Archive {
  ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::BlobStore blobs{scratch.path() / "blobs"};
  std::vector<store::FrameRow> frames;

  Archive() {
    store::migrate(session);
    frames = make_drive(session, blobs, {.account = store::account_named(session, "anna", kNow).id}).frames;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      auto& found = frames[i].observation->detections;
      found = {{ObjectClass::sign, {10, 20, 30.5, 60}, 0.875F}, {ObjectClass::plate, {1, 1, 9, 9}, 0.5F}};
      if (i % 2 == 0) found.push_back({ObjectClass::traffic_light, {1000, 700, 1100, 800}, 0.6F});
      update(frames[i]);
    }
  }
  void update(const store::FrameRow& frame) {
    session.write([&](store::Session& writer) { store::update_frame(writer, frame); });
  }
  services::DatasetExport exported(const std::string& name, const services::DatasetSelection& selection = {}) {
    return services::export_dataset(session, blobs, selection, scratch.path() / name, terms, [](std::size_t, std::size_t) {});
  }
  json coco(const std::string& name) const {
    std::ifstream stream{scratch.path() / name / "annotations.json"};
    return json::parse(stream);
  }
  std::map<std::string, Bytes> files(const std::string& name) const {
    std::map<std::string, Bytes> all;
    for (const auto& entry : fs::recursive_directory_iterator{scratch.path() / name}) {
      if (entry.is_regular_file()) all[entry.path().lexically_relative(scratch.path() / name).string()] = bytes_from_file(entry.path());
    }
    return all;
  }
};

std::set<std::string> frames_in(const json& coco) {
  std::set<std::string> frames;
  for (const auto& image : coco["images"]) frames.insert(image["frame"]);
  return frames;
}

}  // namespace

TEST_CASE("a dataset holds each public picture with its boxes, its contributor and its licence") {
  Archive archive;
  const auto done = archive.exported("set");
  REQUIRE(done.pictures == 6);
  REQUIRE(done.annotations == 9);   // no plate: those are hidden in the pictures
  const auto coco = archive.coco("set");
  std::map<int, json> images;
  for (const auto& image : coco["images"]) {
    REQUIRE(images.emplace(image["id"].get<int>(), image).second);
    REQUIRE(image["contributor"] == "anna");
    REQUIRE(coco["licenses"][0]["id"] == image["license"]);
    const auto id = image["frame"].get<std::string>();
    REQUIRE(text_of(bytes_from_file(archive.scratch.path() / "set" / image["file_name"].get<std::string>())) == "redacted bytes of " + id);
  }
  std::map<int, std::string> categories;
  for (const auto& category : coco["categories"]) categories[category["id"].get<int>()] = category["name"];
  std::map<std::string, json> boxes;
  for (const auto& annotation : coco["annotations"]) {
    REQUIRE(images.contains(annotation["image_id"].get<int>()));
    boxes[categories.at(annotation["category_id"].get<int>())] = annotation;
  }
  REQUIRE(boxes.size() == 2);
  REQUIRE(boxes["sign"]["bbox"] == json{10, 20, 20.5, 40});
  REQUIRE(boxes["sign"]["area"] == 820);
  REQUIRE(boxes["sign"]["score"] == 0.88);
  REQUIRE(boxes["traffic_light"]["bbox"] == json{1000, 700, 24, 68});   // the picture has 1024 x 768
  const auto files = archive.files("set");
  REQUIRE(files.size() == 6 + 3);
  REQUIRE_THAT(std::string{text_of(files.at("README.md"))}, ContainsText("CC-BY-4.0") && ContainsText("People of Lund") && ContainsText("6 street-level pictures with 9 boxes"));
}

TEST_CASE("the same catalogue gives the same dataset, byte for byte") {
  Archive archive;
  archive.exported("one");
  archive.exported("two");
  REQUIRE(archive.files("one") == archive.files("two"));
}

TEST_CASE("a picture that is not public is in no dataset, not even when a run that was cut off had it") {
  Archive archive;
  archive.exported("before");
  auto withdrawn = archive.frames[2], redacted_anew = archive.frames[3];
  withdrawn.published = false;
  archive.update(withdrawn);
  redacted_anew.hd = archive.blobs.put(store::Namespace::public_, bytes_of("more is hidden"));
  archive.update(redacted_anew);
  auto bytes_gone = archive.frames[4];
  archive.blobs.remove(store::Namespace::public_, *bytes_gone.hd, std::chrono::seconds{0});

  fs::rename(archive.scratch.path() / "before", archive.scratch.path() / "after.partial");   // as such a run leaves it
  fs::remove(archive.scratch.path() / "after.partial/annotations.json");
  fs::remove(archive.scratch.path() / ("after.partial/images/" + bytes_gone.id.text().substr(0, 2) + "/" + bytes_gone.id.text() + ".jpg"));
  REQUIRE(archive.exported("after").pictures == 4);
  REQUIRE(!fs::exists(archive.scratch.path() / "after.partial"));
  const auto frames = frames_in(archive.coco("after"));
  REQUIRE(!frames.contains(withdrawn.id.text()));
  REQUIRE(!frames.contains(bytes_gone.id.text()));
  int pictures = 0;
  for (const auto& [name, bytes] : archive.files("after")) {
    REQUIRE(name.find(withdrawn.id.text()) == std::string::npos);
    REQUIRE(text_of(bytes).find(withdrawn.id.text()) == std::string_view::npos);
    pictures += name.ends_with(".jpg") ? 1 : 0;
    if (name.find(redacted_anew.id.text()) != std::string::npos) REQUIRE(text_of(bytes) == "more is hidden");
  }
  REQUIRE(pictures == 4);
}

TEST_CASE("a dataset is cut by place, time and class") {
  Archive archive;
  services::DatasetSelection lights;
  lights.classes = {ObjectClass::traffic_light};
  const auto done = archive.exported("lights", lights);
  REQUIRE(done.pictures == 3);
  REQUIRE(done.annotations == 3);
  services::DatasetSelection plates;
  plates.classes = {ObjectClass::plate};
  REQUIRE(archive.exported("plates", plates).annotations == 6);
  services::DatasetSelection early;
  early.until = archive.frames[1].taken_at;
  REQUIRE(archive.exported("early", early).pictures == 2);
  services::DatasetSelection late;
  late.since = archive.frames[1].taken_at;
  REQUIRE(archive.exported("late", late).pictures == 5);
  services::DatasetSelection elsewhere;
  elsewhere.within = GeoBounds{0, 0, 1, 1};
  REQUIRE(archive.exported("elsewhere", elsewhere).pictures == 0);
  REQUIRE(archive.coco("elsewhere")["images"].empty());
}

TEST_CASE("a folder that is there already is left alone") {
  Archive archive;
  fs::create_directories(archive.scratch.path() / "set");
  REQUIRE_THROWS_WITH(archive.exported("set"), ContainsText("is there already"));
  REQUIRE(fs::is_empty(archive.scratch.path() / "set"));
}
