// What a worker finds in a log that its receiver signed.

#include "services/codec/codec.hpp"
#include "tests/catch.hpp"
#include "tests/services/signed_log.hpp"

using namespace cairn;
using namespace cairn::testing;

TEST_CASE("decode says what a log's signatures say, and a picture placed by it that its fix was signed") {
  Decoding decoding;
  const auto log = decoding.of_log(decoding.receiver);
  REQUIRE_FALSE(log.has_refusal());
  REQUIRE(log.log_state() == "holds");
  REQUIRE(log.log_device() == kDid);
  for (int again = 0; again < 2; ++again) {
    const auto picture = decoding.of_picture(decoding.receiver);
    REQUIRE(picture.frames_size() == 1);
    REQUIRE(picture.log_state().empty());
    REQUIRE(codec::from_record(picture.frames(0).capture()).fix.receiver_signed);
  }
}

TEST_CASE("a log of a receiver that nobody registered places pictures as an unsigned one does") {
  Decoding decoding;
  const SigningReceiver other;
  const auto log = decoding.of_log(other);
  REQUIRE_FALSE(log.has_refusal());
  REQUIRE(log.log_state() == "unknown_receiver");
  REQUIRE(log.log_device().empty());
  const auto picture = decoding.of_picture(other);
  REQUIRE(picture.frames_size() == 1);
  REQUIRE_FALSE(codec::from_record(picture.frames(0).capture()).fix.receiver_signed);
}

TEST_CASE("an altered log is refused and places nothing") {
  Decoding decoding;
  decoding.alter();
  const auto log = decoding.of_log(decoding.receiver);
  REQUIRE(log.refusal().code() == "log_altered");
  REQUIRE(log.refusal().detail() == "signature 2: the bytes before it were changed");
  REQUIRE(log.log_state() == "altered");
  const auto picture = decoding.of_picture(decoding.receiver);
  REQUIRE(picture.frames_size() == 0);
  REQUIRE(picture.refusal().code() == "no_place");
}

TEST_CASE("a log without signatures is read as ever") {
  Decoding decoding;
  decoding.log = ubx_pvt(drive_point(0)) + ubx_pvt(drive_point(3));
  REQUIRE(decoding.of_log(decoding.receiver).log_state().empty());
  const auto picture = decoding.of_picture(decoding.receiver);
  REQUIRE_FALSE(codec::from_record(picture.frames(0).capture()).fix.receiver_signed);
}
