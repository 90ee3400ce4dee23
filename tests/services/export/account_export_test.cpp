#include "services/export/account_export.hpp"

#include "core/sha256.hpp"
#include "services/store/accounts.hpp"
#include "services/store/devices.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/services/scratch.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <map>
#include <memory>

using namespace cairn;
using cairn::testing::kNoon;

namespace {


struct Shelf {
  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::BlobStore blobs{scratch.path() / "blobs"};
  Shelf() { store::migrate(session); }

  AccountId account(const std::string& name) { return store::account_named(session, name, kNoon).id; }

  void upload(const std::string& name, int number, const std::string& bytes) {
    store::UploadSet set;
    set.id = UploadSetId::derived_from({name, std::to_string(number)});
    set.account = account(name);
    set.title = "drive of " + name;
    store::insert_upload_set(session, set);
    store::ReceivedFile file;
    file.id = FileId::derived_from({name, std::to_string(number)});
    file.upload_set = set.id;
    file.account = set.account;
    file.name = "../" + name + std::string(200, 'x') + "å.jpg";
    file.kind = "picture";
    file.content = blobs.put(store::Namespace::private_, bytes_of(bytes));
    store::insert_file(session, file);
    store::FrameRow frame;
    frame.id = frame.capture.id = frame_id_of(set.account, file.content, 0);
    frame.upload_set = set.id;
    frame.file = file.id;
    frame.account = set.account;
    frame.content = file.content;
    store::insert_frame(session, frame);
  }

  std::string exported(const std::string& name, std::size_t* most = nullptr) {
    services::AccountExport archive{account(name), blobs, scratch.path() / "bundles"};
    std::string all;
    for (auto bytes = archive.next(session); !bytes.empty(); bytes = archive.next(session)) {
      if (most) *most = std::max(*most, bytes.size());
      all += bytes;
    }
    return all;
  }
};

/// Names and contents, as libarchive reads them back.
std::map<std::string, std::string> files_in(const std::string& tar) {
  std::map<std::string, std::string> files;
  const std::unique_ptr<archive, int (*)(archive*)> reader{archive_read_new(), archive_read_free};
  archive_read_support_format_tar(reader.get());
  REQUIRE(archive_read_open_memory(reader.get(), tar.data(), tar.size()) == ARCHIVE_OK);
  archive_entry* entry = nullptr;
  int result = ARCHIVE_OK;
  while ((result = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
    std::string bytes(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    REQUIRE(archive_read_data(reader.get(), bytes.data(), bytes.size()) == static_cast<la_ssize_t>(bytes.size()));
    files[archive_entry_pathname(entry)] = bytes;
  }
  REQUIRE(result == ARCHIVE_EOF);
  return files;
}

}  // namespace

TEST_CASE("an export holds the rows and originals of one contributor, and no secret") {
  Shelf shelf;
  std::string secret, cookie;
  for (const std::string name : {"anna", "bob"}) {
    auto account = store::account_named(shelf.session, name, kNoon);
    account.password = "scrypt$hash-of-" + name;
    store::update_account(shelf.session, account);
    secret = store::make_token(shelf.session, account.id, "phone", "upload", kNoon);
    cookie = store::begin_session(shelf.session, account.id, kNoon, kNoon + std::chrono::hours{1});
    store::insert_device(shelf.session, {"did:key:z" + name, account.id, "camera", kNoon, {}, "", {}, 0, "", "key of " + name + "'s receiver"});
    shelf.upload(name, 1, "original of " + name);
  }
  const auto tar = shelf.exported("anna");
  const auto files = files_in(tar);
  for (const char* table : {"accounts", "tokens", "sessions", "upload_sets", "files", "frames"}) REQUIRE(files.contains("rows/" + std::string{table} + "-0001.jsonl"));
  REQUIRE_THAT(files.at("rows/upload_sets-0001.jsonl"), ContainsText("drive of anna"));
  REQUIRE_THAT(files.at("rows/devices-0001.jsonl"), ContainsText("key of anna's receiver"));
  std::string originals;
  for (const auto& [name, bytes] : files) {
    if (name.starts_with("originals/")) originals += bytes;
    REQUIRE(name.find("..") != 0);
  }
  REQUIRE(originals == "original of anna");
  for (const char* part : {"bob", "scrypt$", "secret_hash", "id_hash"}) REQUIRE_THAT(tar, !ContainsText(part));
  for (const auto& hidden : {secret, cookie}) {
    REQUIRE_THAT(tar, !ContainsText(hidden));
    REQUIRE_THAT(tar, !ContainsText(sha256_of(hidden).hex()));
  }
  REQUIRE(shelf.exported("anna") == tar);  // the same content, the same bytes
}

TEST_CASE("an export holds every row once, however many pages they fill, in pieces of bounded size") {
  Shelf shelf;
  for (int i = 0; i < 450; ++i) shelf.upload("anna", i, "original " + std::to_string(i));
  shelf.upload("bob", 0, std::string(5 << 20, 'x'));
  shelf.session.write([&](store::Session& session) {  // 1,000 more in one set: pages within a set, too
    const auto file = store::files_of(session, UploadSetId::derived_from({"anna", "7"})).at(0);
    for (int i = 0; i < 1000; ++i) {
      store::FrameRow frame;
      frame.id = frame.capture.id = FrameId::derived_from({std::to_string(i)});
      frame.upload_set = file.upload_set;
      frame.file = file.id;
      frame.account = file.account;
      frame.file_name = std::string(2000, 'n');
      store::insert_frame(session, frame);
    }
  });
  std::size_t most = 0;
  const auto files = files_in(shelf.exported("anna", &most));
  std::map<std::string, std::size_t> rows;
  std::size_t originals = 0;
  for (const auto& [name, bytes] : files) {
    if (name.starts_with("rows/")) rows[name.substr(5, name.size() - 16)] += static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
    originals += name.starts_with("originals/") ? 1 : 0;
  }
  REQUIRE(rows["files"] == 450);
  REQUIRE(rows["upload_sets"] == 450);
  REQUIRE(rows["frames"] == 1450);
  REQUIRE(rows["accounts"] == 1);
  REQUIRE(originals == 450);
  REQUIRE(files.contains("rows/frames-0002.jsonl"));
  REQUIRE(most < 3u << 20);
  most = 0;
  REQUIRE(files_in(shelf.exported("bob", &most)).size() == 5);
  REQUIRE(most < 3u << 20);
}

TEST_CASE("an original that was taken away is left out of an export, and its row is not") {
  Shelf shelf;
  shelf.upload("anna", 1, "kept");
  shelf.upload("anna", 2, "gone");
  shelf.blobs.remove(store::Namespace::private_, sha256_of("gone"), std::chrono::seconds{0});
  const auto files = files_in(shelf.exported("anna"));
  REQUIRE(std::ranges::count_if(files, [](const auto& file) { return file.first.starts_with("originals/"); }) == 1);
  REQUIRE(std::ranges::count(files.at("rows/files-0001.jsonl"), '\n') == 2);
}
