#pragma once
// A log that its receiver signed, and a picture that only it can place. The receiver is a key of ours.

#include "services/worker/stages.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/signing_receiver.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/services/scratch.hpp"

namespace cairn::testing {

inline const std::string kDid = "did:key:zReceiver";

inline std::string hex_of(ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) text += {kDigits[std::to_integer<unsigned>(byte) >> 4], kDigits[std::to_integer<unsigned>(byte) & 15]};
  return text;
}

/// A picture of the second 2 of the drive that says no place.
inline Bytes picture_without_place() {
  return with_tags(make_jpeg(640, 480), {{"Exif.Photo.DateTimeOriginal", "2026:04:30 10:20:32"}, {"Exif.Photo.OffsetTimeOriginal", "+00:00"}});
}

struct Decoding {
  ScratchFolder scratch;
  worker::Tools tools{store::BlobStore{scratch.path() / "blobs"}, scratch.database(), ""};
  SigningReceiver receiver;
  std::string log = receiver.signed_block(ubx_pvt(drive_point(0)), 1) + receiver.signed_block(ubx_pvt(drive_point(1)) + ubx_pvt(drive_point(3)), 2);

  std::string kept(ByteView bytes) { return tools.blobs().put(store::Namespace::private_, bytes).hex(); }
  bus::DecodeTask task_of(ByteView bytes, const SigningReceiver& registered) {
    bus::DecodeTask task;
    task.set_account(AccountId::derived_from({"anna"}).text());
    task.set_content(kept(bytes));
    task.set_received_at(micros_of(drive_point(1000).taken_at));
    auto* key = task.add_receiver_keys();
    key->set_device(kDid);
    key->set_key(hex_of(registered.public_x()));
    return task;
  }
  bus::DecodeResult of_log(const SigningReceiver& registered) { return worker::run_decode(task_of(bytes_of(log), registered), tools); }
  bus::DecodeResult of_picture(const SigningReceiver& registered) {
    auto task = task_of(picture_without_place(), registered);
    task.add_sidecars(kept(bytes_of(log)));
    task.add_sidecar_names("drive.ubx");
    return worker::run_decode(task, tools);
  }
  void alter() { log[log.find("\xB5\x62\x01\x07", 200) + 6 + 28] = 'x'; }  // in a latitude
};

}  // namespace cairn::testing
