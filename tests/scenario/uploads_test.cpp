// Uploads that break off, by real processes.

#include "services/store/blobs.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"
#include "tests/scenario/pictures.hpp"
#include "tests/services/gateway/http_client.hpp"
#include "tests/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace cairn;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kStep = 64 * 1024;
const std::string kTus = "Host: cairn.test\r\nTus-Resumable: 1.0.0\r\n";

std::string patch(const std::string& path, std::size_t offset, std::size_t length) {
  return "PATCH " + path + " HTTP/1.1\r\n" + kTus + "Connection: close\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: " + std::to_string(offset) +
         "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

/// A picture with much behind its end: a large file that is taken.
std::string large_picture() {
  std::ifstream stream{testing::sample_drives().front() / "000.jpg", std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
  for (std::size_t i = 0; bytes.size() < 10 * kStep + 777; ++i) bytes += static_cast<char>(i * 31 % 251);
  return bytes;
}

}  // namespace

TEST_CASE("a gateway killed at every 64 KB of an upload: HEAD says what is there, the end is right, the bytes are stored once") {
  testing::GatewayProcess gateway;
  const auto bytes = large_picture();
  const auto create = gateway.client().send("POST /files HTTP/1.1\r\n" + kTus + "Connection: close\r\nContent-Length: 0\r\nUpload-Length: " + std::to_string(bytes.size()) +
                                            "\r\nUpload-Metadata: filename YS5qcGc=\r\n\r\n");
  REQUIRE(create.status == 201);
  const auto path = create.header("Location").substr(std::string{"http://cairn.test"}.size());
  const auto file = gateway.data() / "incoming" / path.substr(7);
  const auto offset = [&] { return std::stoull(gateway.client().send("HEAD " + path + " HTTP/1.1\r\n" + kTus + "Connection: close\r\n\r\n").header("Upload-Offset")); };

  int kills = 0;
  for (std::size_t sent = 0; sent + kStep < bytes.size(); sent += kStep) {
    REQUIRE(offset() == sent);
    const testing::Sending sending{gateway.port(), patch(path, sent, bytes.size() - sent) + bytes.substr(sent, kStep)};
    testing::wait_for("64 KB to arrive", std::chrono::seconds{20}, [&] { return fs::file_size(file) == sent + kStep; });
    gateway.kill_and_start();
    ++kills;
  }
  const auto rest = offset();
  const auto last = gateway.client().send(patch(path, rest, bytes.size() - rest) + bytes.substr(rest));
  std::cout << kills << " gateways were killed during one upload of " << bytes.size() << " bytes\n";
  REQUIRE(last.status == 204);
  const auto receipt = nlohmann::json::parse(last.header("Cairn-Receipt"));
  REQUIRE(receipt["outcome"] == "accepted");
  REQUIRE(receipt["size"] == bytes.size());

  const store::BlobStore blobs{gateway.data() / "blobs"};
  REQUIRE(text_of(*blobs.get(store::Namespace::private_, sha256_of(bytes))) == bytes);
  REQUIRE(testing::blobs_in(gateway.data() / "blobs" / "private") == 1);
  REQUIRE(fs::is_empty(gateway.data() / "incoming"));
  REQUIRE(gateway.client().get("/api/upload_sets/" + receipt["upload_set_id"].get<std::string>() + "/files").json()["files"].size() == 1);
}

TEST_CASE("cairn upload killed in the middle of a file goes on where it was, and says of each file what became of it") {
  const testing::GatewayProcess gateway;
  const testing::ScratchFolder scratch;
  const auto folder = scratch.path() / "ride";
  fs::create_directories(folder);
  std::ofstream{folder / "big.jpg", std::ios::binary} << large_picture() << std::string(6'000'000, 'x');
  fs::copy_file(testing::sample_drives().front() / "001.jpg", folder / "small.jpg");
  const std::map<std::string, std::string> environment{{"XDG_STATE_HOME", (scratch.path() / "state").string()}};
  const auto command = [&](const std::string& rate) {
    return std::vector<std::string>{testing::program("cairn").string(), "upload", "--to", "http://127.0.0.1:" + std::to_string(gateway.port()), "--no-wait", "--json",
                                    "--jobs", "2", "--limit-rate", rate, folder.string()};
  };
  const auto incoming = gateway.data() / "incoming";
  const auto bytes_there = [&] {
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::directory_iterator{incoming}) bytes += entry.file_size();
    return bytes;
  };
  {
    testing::Running first{command("1M"), environment};
    testing::wait_for("half of the file", std::chrono::seconds{60}, [&] { return bytes_there() > 2'000'000; });
    first.kill();
  }
  const auto resumed = testing::run_command(command("100M"), environment);
  REQUIRE(resumed.code == 0);
  const auto files = resumed.as_json().at("files");
  REQUIRE(files.size() == 2);
  for (const auto& file : files) REQUIRE(file.at("state") == "received");
  REQUIRE(testing::blobs_in(gateway.data() / "blobs" / "private") == 2);
  REQUIRE(fs::is_empty(incoming));
  REQUIRE(gateway.client().get("/api/users/me/upload_sets").json()["upload_sets"].size() == 1);
}

TEST_CASE("a watched folder: what appears is sent once, also after a restart") {
  const testing::GatewayProcess gateway;
  const testing::ScratchFolder scratch;
  const auto card = scratch.path() / "card";
  const std::map<std::string, std::string> environment{{"XDG_STATE_HOME", (scratch.path() / "state").string()}};
  const std::vector<std::string> command{testing::program("cairn").string(), "upload", "--to", "http://127.0.0.1:" + std::to_string(gateway.port()), "--watch", card.string(), "--every", "0.2"};
  const auto files_there = [&] {
    std::size_t files = 0;
    const auto sets = gateway.client().get("/api/users/me/upload_sets").json();
    for (const auto& set : sets["upload_sets"]) files += set["nb_items"].get<std::size_t>();
    return files;
  };
  const auto put = [&](const std::string& name) { fs::copy_file(testing::sample_drives().front() / name, card / name); };
  testing::Running first{command, environment};
  fs::create_directories(card);
  put("000.jpg");
  testing::wait_for("the first picture", std::chrono::seconds{30}, [&] { return files_there() == 1; });
  put("001.jpg");
  testing::wait_for("the second picture", std::chrono::seconds{30}, [&] { return files_there() == 2; });
  REQUIRE(first.terminate() == 0);
  testing::Running second{command, environment};
  put("002.jpg");
  testing::wait_for("the third picture", std::chrono::seconds{30}, [&] { return files_there() == 3; });
  REQUIRE(second.terminate() == 0);
  REQUIRE(gateway.client().get("/api/users/me/upload_sets").json()["upload_sets"].size() == 3);
}

TEST_CASE("a dry run says what would be refused and needs no server") {
  const testing::ScratchFolder scratch;
  fs::copy_file(testing::sample_drives().front() / "000.jpg", scratch.path() / "a.jpg");
  fs::copy_file(testing::sample_drives().front() / "000.jpg", scratch.path() / "b.jpg");
  std::ofstream{scratch.path() / "junk.jpg"} << "junk";
  const auto dry = testing::run_command({testing::program("cairn").string(), "upload", "--dry-run", "--json", scratch.path().string()});
  REQUIRE(dry.code == 3);
  std::map<std::string, std::string> told;
  const auto result = dry.as_json();
  for (const auto& file : result.at("files")) told[file.at("name")] = file.value("reason", "");
  REQUIRE(told == std::map<std::string, std::string>{{"a.jpg", ""}, {"b.jpg", "file_duplicate"}, {"junk.jpg", "not_supported"}});
}

TEST_CASE("tus-js-client from npm: chunks, interrupted and resumed, parallel, deferred length, POST only, terminated") {
  const testing::GatewayProcess gateway;
  const auto clients = fs::path{CAIRN_SOURCE} / "tests" / "clients";
  const auto with_node = (fs::path{CAIRN_SOURCE} / "scripts" / "with-node").string();
  const auto run = testing::run_command({with_node, "node", "--test", (clients / "tus.test.mjs").string()},
                                        {{"CAIRN_URL", "http://127.0.0.1:" + std::to_string(gateway.port())}, {"CAIRN_PICTURE", (testing::sample_drives().front() / "000.jpg").string()}});
  CAPTURE(run.output);
  REQUIRE(run.code == 0);
}

namespace {

/// mapillary_tools by its path (CAIRN_MAPILLARY_TOOLS, or the one on PATH); nothing, and a word about it, where there is none.
std::optional<std::string> mapillary_tools() {
  const char* set = std::getenv("CAIRN_MAPILLARY_TOOLS");
  const std::string tool = set ? set : "mapillary_tools";
  if (testing::run_command({tool, "--version"}).code == 0) return tool;
  std::cout << "skipped: mapillary_tools is not there (pip install mapillary_tools; CAIRN_MAPILLARY_TOOLS names it)\n";
  return std::nullopt;
}

}  // namespace

TEST_CASE("mapillary_tools, unmodified: pictures that came before by tus are recognised, new ones and a GoPro video are taken") {
  const auto tool = mapillary_tools();
  if (!tool) return;
  const testing::GatewayProcess gateway;
  const testing::ScratchFolder scratch;
  const auto url = "http://127.0.0.1:" + std::to_string(gateway.port());
  const std::map<std::string, std::string> environment{{"XDG_STATE_HOME", (scratch.path() / "state").string()},
                                                       {"MAPILLARY_CONFIG_PATH", (scratch.path() / "config").string()},
                                                       {"MAPILLARY_UPLOAD_HISTORY_PATH", (scratch.path() / "history").string()},
                                                       {"MAPILLARY_TOOLS_UPLOAD_CACHE_DIR", (scratch.path() / "cache").string()},
                                                       {"MAPILLARY_TOOLS_PROMPT_DISABLED", "YES"},
                                                       {"MAPILLARY_GRAPH_API_ENDPOINT", url + "/mapillary"},
                                                       {"MAPILLARY_UPLOAD_ENDPOINT", url + "/mapillary/upload"}};
  const auto cairn = testing::program("cairn").string();
  auto token = testing::run_command({cairn, "token", "create", "--account", "anna", "--scopes", "upload read", "--data", gateway.data().string()}).output;
  token.erase(token.find_last_not_of('\n') + 1);
  const auto drive = scratch.path() / "drive";
  fs::create_directories(drive);
  for (const char* name : {"000.jpg", "001.jpg", "002.jpg"}) fs::copy_file(testing::sample_drives().front() / name, drive / name);
  REQUIRE(testing::run_command({cairn, "upload", "--to", url, "--token", token, "--no-wait", "--json", (drive / "000.jpg").string()}, environment).code == 0);

  REQUIRE(testing::run_command({*tool, "authenticate", "--user_name", "anna", "--jwt", token}, environment).code == 0);
  REQUIRE(testing::run_command({*tool, "process_and_upload", "--user_name", "anna", drive.string()}, environment).code == 0);
  const auto get = [&](const std::string& path) { return nlohmann::json::parse(cli::HttpClient{url, token}.get(path).body); };
  std::map<std::string, int> fates;
  const auto sets = get("/api/users/me/upload_sets");
  for (const auto& set : sets["upload_sets"]) {
    const auto files = get("/api/upload_sets/" + set["id"].get<std::string>() + "/files");
    for (const auto& file : files["files"]) ++fates[file.contains("rejected") ? file["rejected"]["reason"].get<std::string>() : "taken"];
  }
  REQUIRE(fates == std::map<std::string, int>{{"taken", 3}, {"file_duplicate", 1}});

  const auto video = testing::shared_path("formats/gopro/max-heromode.mp4");
  if (!video) return;
  const auto clips = scratch.path() / "clips";
  fs::create_directories(clips);
  fs::copy_file(*video, clips / "clip.mp4");
  REQUIRE(testing::run_command({*tool, "process_and_upload", "--user_name", "anna", "--filetypes", "video", clips.string()}, environment).code == 0);
  REQUIRE(get("/api/users/me/upload_sets")["upload_sets"].size() == 3);
}
