// A disk that is full, at whatever write it comes to be: by real processes on a small file system of their own.

#include "core/base64.hpp"
#include "services/store/rows.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"
#include "tests/scenario/pictures.hpp"

#include <sys/mount.h>

#include <fstream>
#include <iostream>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A file system with so much room, and a ballast that takes what a test doesn't want to be free. Nothing where this user may not mount.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size) : folder_{scratch_.path() / "disk"} {
    fs::create_directories(folder_);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, size) == 0;
    if (!mounted_) std::cout << "skipped: this user may not mount a small disk\n";
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const fs::path& folder() const { return folder_; }
  void leave_free(std::uintmax_t bytes) {
    make_room();
    std::ofstream ballast{folder_ / "ballast", std::ios::binary};
    const std::string page(4096, 'x');
    while (fs::space(folder_).available >= bytes + page.size() && ballast.write(page.data(), 4096).flush()) continue;
  }
  void make_room() { fs::remove(folder_ / "ballast"); }

 private:
  ScratchFolder scratch_;
  fs::path folder_;
  bool mounted_ = false;
};

std::string files_of_new_set(const GatewayProcess& gateway) {
  return "/api/upload_sets/" + gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>() + "/files";
}

bool is_full(const Answer& answer) { return answer.status == 507 && !answer.header("Retry-After").empty() && !answer.json()["message"].get<std::string>().empty(); }

/// A whole file by tus: created, then sent. Whether it was taken; nothing else but 507 may come instead.
bool taken_by_tus(const GatewayProcess& gateway, const std::string& name, const std::string& bytes) {
  const std::string tus = "Host: cairn.test\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\n";
  const auto made = gateway.client().send("POST /files HTTP/1.1\r\n" + tus + "Content-Length: 0\r\nUpload-Length: " + std::to_string(bytes.size()) + "\r\nUpload-Metadata: filename " +
                                          base64_of(bytes_of(name)) + "\r\n\r\n");
  if (made.status != 201) {
    CAPTURE(made.head, made.body);
    REQUIRE(made.status == 507);
    return false;
  }
  const auto path = made.header("Location").substr(std::string{"http://cairn.test"}.size());
  const auto sent = gateway.client().send("PATCH " + path + " HTTP/1.1\r\n" + tus + "Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: " +
                                          std::to_string(bytes.size()) + "\r\n\r\n" + bytes);
  CAPTURE(sent.head, sent.body);
  REQUIRE((sent.status == 204 || sent.status == 507));
  if (sent.status == 507) return false;
  REQUIRE(sent.header("Upload-Offset") == std::to_string(bytes.size()));
  const auto receipt = json::parse(sent.header("Cairn-Receipt"));
  REQUIRE(receipt["outcome"] == "accepted");
  return true;
}

}  // namespace

TEST_CASE("a full disk is answered 507, nothing partial stays, and uploads go on when there is room") {
  SmallDisk disk{"size=32m"};
  if (!disk.mounted()) return;
  GatewayProcess gateway{{"--http-disk-floor-mb", "0"}, disk.folder() / "data"};
  disk.leave_free(20'000'000);
  const auto path = files_of_new_set(gateway);
  std::size_t kept = 0, refused = 0;
  for (int i = 0; i < 20; ++i) {
    const auto answer = gateway.client().post_file(path, std::to_string(i) + ".jpg", padded(picture_with("disk " + std::to_string(i)), 3'000'000));
    kept += answer.status == 202 ? 1 : 0;
    if (answer.status == 202) continue;
    CAPTURE(answer.body);
    REQUIRE(is_full(answer));
    ++refused;
  }
  REQUIRE(kept > 0);
  REQUIRE(refused > 0);
  REQUIRE(gateway.client().get(path).json()["files"].size() == kept);
  REQUIRE(blobs_in(gateway.data() / "blobs" / "private") == kept);
  disk.make_room();
  REQUIRE(gateway.client().post_file(path, "later.jpg", padded(picture_with("later"), 3'000'000)).status == 202);
}

TEST_CASE("whichever write finds the disk full, the sender hears 507, the rest is read as before, and what was taken is there") {
  SmallDisk disk{"size=32m"};
  if (!disk.mounted()) return;
  GatewayProcess gateway{{"--http-disk-floor-mb", "0", "--data-orphan-grace-s", "3600"}, disk.folder() / "data"};
  const auto path = files_of_new_set(gateway);
  const auto private_blobs = gateway.data() / "blobs" / "private";
  std::set<std::string> kept;
  std::size_t by_tus = 0;
  int full = 0;
  for (int kb = 0; kb <= 480; kb += 12) {
    disk.leave_free(static_cast<std::uintmax_t>(kb) * 1024);
    CAPTURE(kb);
    const auto name = std::to_string(kb) + ".jpg";
    const auto set = gateway.client().post_json("/api/upload_sets", {{"title", "t"}});
    REQUIRE((set.status == 200 || is_full(set)));
    const auto answer = gateway.client().post_file(path, name, padded(picture_with(name), 200'000));
    CAPTURE(answer.status, answer.body);
    REQUIRE((answer.status == 202 || is_full(answer)));
    if (answer.status == 202) kept.insert(name);
    disk.leave_free(static_cast<std::uintmax_t>(kb) * 1024);
    by_tus += taken_by_tus(gateway, name, padded(picture_with("tus " + name), 200'000)) ? 1 : 0;
    full += answer.status == 507 ? 1 : 0;
    REQUIRE(gateway.client().get(path).json()["files"].size() == kept.size());
    REQUIRE(gateway.client().get("/api/status").json()["totals"]["files"] == kept.size() + by_tus);
  }
  disk.make_room();
  std::cout << full << " of 41 uploads found the disk full, " << kept.size() << " did not; of as many by tus " << by_tus << " were taken\n";
  REQUIRE(full > 10);
  REQUIRE(!kept.empty());
  REQUIRE(by_tus > 0);
  for (const auto& entry : fs::recursive_directory_iterator{private_blobs}) {
    if (entry.is_regular_file()) fs::last_write_time(entry, entry.last_write_time() - 2h);
  }
  gateway.kill_and_start();
  REQUIRE(gateway.client().get(path).json()["files"].size() == kept.size());
  wait_for("the sweep of blobs whose row found no room", 20s, [&] { return blobs_in(private_blobs) == kept.size() + by_tus; });
  REQUIRE(gateway.client().post_file(path, "later.jpg", picture_with("later")).status == 202);
  REQUIRE(taken_by_tus(gateway, "later.jpg", picture_with("later by tus")));
}

TEST_CASE("workers that find the disk full go on when there is room, and refuse no picture for it") {
  SmallDisk disk{"size=16m"};
  if (!disk.mounted()) return;
  Instance cairn{{"--data-blobs", (disk.folder() / "blobs").string(), "--http-disk-floor-mb", "0"}};
  const auto drive = sample_drives().front();
  std::uintmax_t originals = 0;
  for (const auto& entry : fs::directory_iterator{drive}) originals += entry.file_size() + 4096;
  disk.leave_free(originals + 200'000);
  cairn.upload({drive}, {"--no-wait"});
  store::Session session{{"sqlite://" + (cairn.data() / "catalogue.db").string()}};
  const auto count = [&](const std::string& query) {
    int found = 0;
    session.sql() << query, soci::into(found);
    return found;
  };
  wait_for("a worker that finds no room", 120s, [&] { return count("select count(*) from jobs where last_error is not null") > 0; });
  disk.make_room();
  cairn.wait_idle();
  REQUIRE(count("select count(*) from jobs where state = 'quarantined'") == 0);
  REQUIRE(count("select count(*) from frames where reason = 'processing_failed'") == 0);
  REQUIRE(count("select count(*) from frames where published = 1") >= 15);
}

TEST_CASE("an archive that finds the disk full is given up with a sentence, and nothing partial stays") {
  SmallDisk disk{"size=16m"};
  if (!disk.mounted()) return;
  const ScratchFolder inputs;
  const auto raster = (inputs.path() / "ground.tif").string(), points = (inputs.path() / "points.geojsonl").string();
  REQUIRE(run_command({"gdal_create", "-outsize", "600", "400", "-bands", "3", "-burn", "200", "-a_srs", "EPSG:4326", "-a_ullr", "13", "56", "13.6", "55.6", raster}).code == 0);
  std::ofstream features{points};
  for (int i = 0; i < 20'000; ++i) features << R"({"type":"Feature","properties":{"n":)" << i << R"(},"geometry":{"type":"Point","coordinates":[)" << 13 + i * 1e-5 << ",55.7]}}\n";
  features.close();
  const auto files = [&] { return std::distance(fs::directory_iterator{disk.folder()}, {}); };
  for (const auto& archive : {"a.pmtiles", "a.mbtiles"}) {
    const auto target = (disk.folder() / archive).string();
    const std::vector<std::string> draw{program("cairn").string(), "tiles", "raster", raster, "-o", target, "--max-zoom", "14", "--format", "jpg"};
    const std::vector<std::string> build{program("cairn").string(), "tiles", "build", points, "-o", target};
    for (const auto& command : {draw, build}) {
      for (const std::uintmax_t room : {0, 20'000, 100'000}) {
        disk.leave_free(room);
        auto words = command;
        words.insert(words.begin(), {"sh", "-c", R"(exec "$0" "$@" 2>&1)"});
        const auto result = run_command(words);
        CAPTURE(command, room, result.output);
        REQUIRE(result.code == 1);
        REQUIRE_THAT(result.output, ContainsText("No space left on device") || ContainsText("disk is full"));
        REQUIRE(files() == 1);  // the ballast
      }
    }
    disk.make_room();
    for (const auto& command : {draw, build}) REQUIRE(run_command(command).code == 0);
    fs::remove(target);
  }
}
