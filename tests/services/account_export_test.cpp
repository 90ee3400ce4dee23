#include "services/cli/account_export.hpp"

#include "core/sha256.hpp"
#include "services/store/accounts.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <fstream>
#include <iterator>

using namespace cairn;

TEST_CASE("an export holds the rows and originals of one contributor, and no secret") {
  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::migrate(session);
  const store::BlobStore blobs{scratch.path() / "blobs"};
  const auto now = *time_from_iso8601("2026-05-01T12:00:00Z");
  std::string secret;
  for (const std::string name : {"anna", "bob"}) {
    auto account = store::account_named(session, name, now);
    account.password = "scrypt$hash-of-" + name;
    store::update_account(session, account);
    secret = store::make_token(session, account.id, "phone", "upload", now);
    store::UploadSet set;
    set.id = UploadSetId::derived_from({name});
    set.account = account.id;
    set.title = "drive of " + name;
    store::insert_upload_set(session, set);
    store::ReceivedFile file;
    file.id = FileId::derived_from({name});
    file.upload_set = set.id;
    file.account = account.id;
    file.name = "../" + name + ".jpg";
    file.kind = "picture";
    file.content = blobs.put(store::Namespace::private_, bytes_of("original of " + name));
    store::insert_file(session, file);
  }
  const auto file = scratch.path() / "anna.tar";
  cli::export_account(session, store::find_account_named(session, "anna")->id, blobs, scratch.path() / "bundles", file);
  std::ifstream stream{file, std::ios::binary};
  const std::string tar{std::istreambuf_iterator<char>{stream}, {}};
  for (const char* part : {"rows/upload_sets-0001.jsonl", "drive of anna", "original of anna", "-.._anna.jpg", "rows/tokens-0001.jsonl"}) REQUIRE_THAT(tar, ContainsText(part));
  for (const char* part : {"bob", "scrypt$", "secret_hash"}) REQUIRE_THAT(tar, !ContainsText(part));
  REQUIRE_THAT(tar, !ContainsText(secret));
  REQUIRE_THAT(tar, !ContainsText(sha256_of(secret).hex()));
}
