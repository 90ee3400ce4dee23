// Uploads that break off, by real processes.

#include "services/store/blobs.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"
#include "tests/services/gateway/http_client.hpp"

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

std::size_t blobs_in(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) count += entry.is_regular_file() ? 1 : 0;
  return count;
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
    // One byte more than it reads at once shows that 64 KB were read.
    const testing::Sending sending{gateway.port(), patch(path, sent, bytes.size() - sent) + bytes.substr(sent, kStep + 1)};
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
  REQUIRE(blobs_in(gateway.data() / "blobs" / "private") == 1);
  REQUIRE(fs::is_empty(gateway.data() / "incoming"));
  REQUIRE(gateway.client().get("/api/upload_sets/" + receipt["upload_set_id"].get<std::string>() + "/files").json()["files"].size() == 1);
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
