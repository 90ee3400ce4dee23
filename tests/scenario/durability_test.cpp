// Acknowledged is durable, and what was not acknowledged leaves nothing behind: by real processes.

#include "services/store/blobs.hpp"
#include "services/store/jobs.hpp"
#include "services/store/rows.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"
#include "tests/scenario/pictures.hpp"

#include <atomic>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

using namespace cairn;
using namespace cairn::testing;
using namespace std::chrono_literals;

namespace {

store::Session catalogue_of(const GatewayProcess& gateway) { return store::Session{{"sqlite://" + (gateway.data() / "catalogue.db").string()}}; }

std::string new_set(const GatewayProcess& gateway) {
  return "/api/upload_sets/" + gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>() + "/files";
}

/// What the rows name, as hexadecimal digests.
std::set<std::string> contents_of(store::Session session) {
  std::set<std::string> contents;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select content from files");
  for (const auto& row : rows) contents.insert(store::text_of_row(row, "content"));
  return contents;
}

void make_older(const std::filesystem::path& folder, std::chrono::hours by) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (entry.is_regular_file()) std::filesystem::last_write_time(entry, entry.last_write_time() - by);
  }
}

}  // namespace

TEST_CASE("the same upload a hundred times at once is one object, one row and one job") {
  GatewayProcess gateway;
  const auto path = new_set(gateway);
  const auto picture = picture_with("one of a hundred");
  std::atomic<int> taken{0}, known{0}, otherwise{0};
  {
    std::vector<std::jthread> senders;
    for (int i = 0; i < 100; ++i) {
      senders.emplace_back([&] {
        const auto status = gateway.client().post_file(path, "same.jpg", picture).status;
        ++(status == 202 ? taken : status == 409 ? known : otherwise);
        if (status != 202 && status != 409) std::cout << "answered " << status << "\n";
      });
    }
  }
  REQUIRE(taken == 1);
  REQUIRE(known == 99);
  REQUIRE(otherwise == 0);
  auto session = catalogue_of(gateway);
  REQUIRE(store::jobs_queued(session, store::Stage::decode) == 1);
  REQUIRE(contents_of(catalogue_of(gateway)).size() == 1);
  REQUIRE(gateway.client().get(path).json()["files"].size() == 1);
  REQUIRE(blobs_in(gateway.data() / "blobs" / "private") == 1);
}

TEST_CASE("the same picture a hundred times at once, in ten sets, is paid for once") {
  Instance cairn;
  const HttpClient client{static_cast<std::uint16_t>(std::stoi(cairn.url().substr(cairn.url().rfind(':') + 1)))};
  std::vector<std::string> sets;
  for (int i = 0; i < 10; ++i) sets.push_back("/api/upload_sets/" + client.post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>());
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> senders;
    for (int i = 0; i < 100; ++i) {
      senders.emplace_back([&, i] { taken += client.post_file(sets[static_cast<std::size_t>(i % 10)] + "/files", "same.jpg", picture_with("paid once")).status == 202 ? 1 : 0; });
    }
  }
  REQUIRE(taken == 1);
  for (const auto& set : sets) REQUIRE(client.post_json(set + "/complete", {}).status == 200);
  cairn.wait_idle();
  const auto closed = cairn.close_epoch();
  REQUIRE(closed.at("frames") == 1);
  REQUIRE(closed.at("accounts") == 1);
}

TEST_CASE("a gateway killed between blob and row: what it acknowledged is there, every row has its blob, orphans are swept") {
  GatewayProcess gateway{{"--data-orphan-grace-s", "3600"}};
  const auto path = new_set(gateway);
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::set<std::string> acknowledged;
  std::atomic<std::size_t> count{0};
  std::atomic<std::uint16_t> port{gateway.port()};
  std::vector<std::jthread> senders;
  for (int t = 0; t < 6; ++t) {
    senders.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const auto name = std::to_string(t) + "-" + std::to_string(i) + ".jpg";
        const auto here = port.load();
        try {
          if (HttpClient{here}.post_file(path, name, picture_with(name)).status != 202) continue;
          const std::lock_guard lock{mutex};
          acknowledged.insert(name);
          count = acknowledged.size();
        } catch (const std::runtime_error&) {
          port.wait(here);  // until there is another gateway
        }
      }
    });
  }
  for (int kill = 0; kill < 8; ++kill) {
    const auto before = count.load();
    wait_for("an acknowledged file", 20s, [&] { return count > before; });
    gateway.kill_and_start();
    port = gateway.port();
    port.notify_all();
  }
  stop = true;
  port = 0;
  port.notify_all();
  senders.clear();

  std::set<std::string> listed;
  const auto list = gateway.client().get(path).json();
  for (const auto& file : list["files"]) listed.insert(file["file_name"].get<std::string>());
  for (const auto& name : acknowledged) REQUIRE(listed.contains(name));
  const store::BlobStore blobs{gateway.data() / "blobs"};
  const auto contents = contents_of(catalogue_of(gateway));
  for (const auto& content : contents) REQUIRE(blobs.get(store::Namespace::private_, *Sha256::from_hex(content)));

  const auto orphan = blobs.put(store::Namespace::private_, bytes_of("what a crash left behind"));
  make_older(gateway.data() / "blobs" / "private", 2h);
  const auto before = blobs_in(gateway.data() / "blobs" / "private");
  REQUIRE(before > contents.size());
  gateway.kill_and_start();
  wait_for("the sweep", 20s, [&] { return blobs_in(gateway.data() / "blobs" / "private") == contents.size(); });
  std::cout << acknowledged.size() << " acknowledged over 8 kills, " << before - contents.size() << " orphans swept\n";
  REQUIRE_FALSE(blobs.has(store::Namespace::private_, orphan));
  for (const auto& content : contents) REQUIRE(blobs.has(store::Namespace::private_, *Sha256::from_hex(content)));
}
