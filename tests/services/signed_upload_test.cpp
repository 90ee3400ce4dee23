// A log that its receiver signed, through the catalogue: whose keys count, and what is kept of it.

#include "services/coordinator/briefs.hpp"
#include "services/coordinator/effects.hpp"
#include "services/store/accounts.hpp"
#include "services/store/devices.hpp"
#include "services/store/files.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/services/signed_log.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

/// A set with a log and a picture, decoded by hand.
struct Upload : Decoding {
  Upload() {
    store::migrate(session);
    set.id = UploadSetId::derived_from({"set"});
    set.account = store::account_named(session, "anna", now).id;
    set.created_at = now;
    set.completed_at = now;
    store::insert_upload_set(session, set);
  }
  void add_device(const std::string& id, const SigningReceiver& of, int age_h = 0) {
    REQUIRE(store::insert_device(session, {id, set.account, "camera", now - std::chrono::hours{age_h}, {}, "", {}, 0, "", hex_of(of.public_x())}));
  }
  FileId add(const std::string& name, const std::string& kind, ByteView bytes) {
    store::ReceivedFile file;
    file.id = FileId::derived_from({name});
    file.upload_set = set.id;
    file.account = set.account;
    file.name = name;
    file.kind = kind;
    file.content = tools.blobs().put(store::Namespace::private_, bytes);
    file.received_at = now;
    store::insert_file(session, file);
    store::enqueue(session, {.stage = store::Stage::decode, .key = file.id.text(), .tenant = set.account.text(), .now = now});
    return file.id;
  }
  void decode_all() {
    std::vector<store::LeasedJob> jobs;
    session.write([&](store::Session& s) { jobs = store::lease(s, {store::Stage::decode}, 100, now, rules.leases); });
    for (const auto& job : jobs) {
      const auto result = worker::run_task(*coordinator::brief_of(session, job), tools);
      session.write([&](store::Session& s) { coordinator::apply(s, result, now, rules); });
    }
  }
  store::ReceivedFile file(FileId id) { return *store::find_file(session, id); }

  UtcTime now = drive_point(1000).taken_at;
  store::Session session{scratch.database()};
  store::UploadSet set;
  coordinator::EffectRules rules;
};

}  // namespace

TEST_CASE("a log's signatures are checked with the keys of its sender's devices, and the file and its frames keep what was found") {
  Upload upload;
  upload.add_device(kDid, upload.receiver);
  const auto log = upload.add("drive.ubx", "track", bytes_of(upload.log));
  const auto picture = upload.add("1.jpg", "picture", picture_without_place());
  upload.decode_all();
  REQUIRE(upload.file(log).state == store::FileState::decoded);
  REQUIRE(upload.file(log).log_state == "holds");
  REQUIRE(upload.file(log).log_device == kDid);
  REQUIRE(store::frames_of_file(upload.session, picture).at(0).capture.fix.receiver_signed);
}

TEST_CASE("an altered log is refused with the reason, and its picture for lack of a place, whichever is decoded first") {
  for (const bool log_first : {false, true}) {
    Upload upload;
    upload.add_device(kDid, upload.receiver);
    upload.alter();
    const auto add_log = [&] { return upload.add("drive.ubx", "track", bytes_of(upload.log)); };
    const auto early = log_first ? std::optional{add_log()} : std::nullopt;
    const auto picture = upload.add("1.jpg", "picture", picture_without_place());
    const auto log = early ? *early : add_log();
    upload.decode_all();
    REQUIRE(upload.file(log).refusal->reason == Reason::log_altered);
    REQUIRE(upload.file(log).log_state == "altered");
    REQUIRE(upload.file(picture).refusal->reason == Reason::no_place);
  }
}

TEST_CASE("keys of revoked devices, of others' devices and beyond the eight newest count for nothing") {
  Upload upload;
  upload.add_device("did:key:zOld", upload.receiver, 9);
  std::vector<SigningReceiver> others(8);
  for (int i = 0; i < 8; ++i) upload.add_device("did:key:z" + std::to_string(i), others[static_cast<std::size_t>(i)], i);
  const auto bob = store::account_named(upload.session, "bob", upload.now).id;
  REQUIRE(store::insert_device(upload.session, {"did:key:zBob", bob, "camera", upload.now, {}, "", {}, 0, "", hex_of(upload.receiver.public_x())}));
  const auto log = upload.add("drive.ubx", "track", bytes_of(upload.log));
  upload.decode_all();
  REQUIRE(upload.file(log).state == store::FileState::decoded);
  REQUIRE(upload.file(log).log_state == "unknown_receiver");
  REQUIRE(upload.file(log).log_device.empty());

  store::revoke_device(upload.session, "did:key:z0", upload.now);
  const auto again = upload.add("again.ubx", "track", bytes_of(upload.log));
  upload.decode_all();
  REQUIRE(upload.file(again).log_state == "holds");
  REQUIRE(upload.file(again).log_device == "did:key:zOld");
  store::revoke_device(upload.session, "did:key:zOld", upload.now);
  const auto last = upload.add("last.ubx", "track", bytes_of(upload.log));
  upload.decode_all();
  REQUIRE(upload.file(last).log_state == "unknown_receiver");
}
