#include "services/store/blobs.hpp"

#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <fstream>

using namespace cairn;
using store::BlobStore;
using store::Namespace;

TEST_CASE("a blob is read back under its digest, in its own namespace only") {
  testing::ScratchFolder scratch;
  const BlobStore blobs{scratch.path()};
  const auto name = blobs.put(Namespace::private_, bytes_of("stone"));
  REQUIRE(name == sha256_of("stone"));
  REQUIRE(text_of(*blobs.get(Namespace::private_, name)) == "stone");
  REQUIRE_FALSE(blobs.get(Namespace::public_, name));
}

TEST_CASE("bytes that come in pieces are one blob, and none before commit") {
  testing::ScratchFolder scratch;
  const BlobStore blobs{scratch.path()};
  {
    BlobStore::Incoming dropped{blobs, Namespace::private_};
    dropped.add(bytes_of("sto"));
  }
  BlobStore::Incoming incoming{blobs, Namespace::private_};
  incoming.add(bytes_of("sto"));
  incoming.add(bytes_of("ne"));
  REQUIRE_FALSE(blobs.has(Namespace::private_, sha256_of("stone")));
  incoming.commit(sha256_of("stone"));
  REQUIRE(blobs.has(Namespace::private_, sha256_of("stone")));
  REQUIRE(std::filesystem::is_empty(scratch.path() / "private" / "incoming"));
}

TEST_CASE("a file that lies elsewhere becomes a blob and stays where it is, also when the blob is there already") {
  testing::ScratchFolder scratch;
  const BlobStore blobs{scratch.path()};
  const auto elsewhere = scratch.path() / "elsewhere";
  std::ofstream{elsewhere} << "stone";
  for (int round = 0; round < 2; ++round) {
    BlobStore::Incoming incoming{blobs, Namespace::private_, elsewhere};
    REQUIRE(incoming.size() == 5);
    incoming.commit(sha256_of("stone"));
  }
  REQUIRE(std::filesystem::exists(elsewhere));
  std::filesystem::remove(elsewhere);
  REQUIRE(text_of(*blobs.get(Namespace::private_, sha256_of("stone"))) == "stone");
}

TEST_CASE("a blob that the disk has damaged is never handed out") {
  testing::ScratchFolder scratch;
  const BlobStore blobs{scratch.path()};
  const auto name = blobs.put(Namespace::public_, bytes_of("stone"));
  std::ofstream{blobs.path_of(Namespace::public_, name)} << "stane";
  REQUIRE_THROWS_WITH(blobs.get(Namespace::public_, name), ContainsText("no longer hashes to its name"));
}

TEST_CASE("a sweep takes what no row wants, and only after the grace period") {
  testing::ScratchFolder scratch;
  const BlobStore blobs{scratch.path()};
  const auto wanted = blobs.put(Namespace::private_, bytes_of("wanted"));
  const auto orphan = blobs.put(Namespace::private_, bytes_of("orphan"));
  const auto is_wanted = [&](const Sha256& name) { return name == wanted; };
  REQUIRE(blobs.sweep(Namespace::private_, std::chrono::hours{1}, is_wanted) == 0);
  REQUIRE(blobs.sweep(Namespace::private_, std::chrono::seconds{-1}, is_wanted) == 1);
  REQUIRE(blobs.has(Namespace::private_, wanted));
  REQUIRE_FALSE(blobs.has(Namespace::private_, orphan));
}
