// The logs are made here, by a key that stands in for a receiver's: what a real receiver does is not checked.

#include "ingest/ublox_sign.hpp"

#include "ingest/decode_file.hpp"
#include "ingest/track_lookup.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"
#include "tests/ingest/signing_receiver.hpp"
#include "tests/ingest/vendor_writer.hpp"

using namespace cairn;
using namespace cairn::testing;
using ingest::BlockState;
using ingest::LogState;

namespace {

const std::string other_session = "another session, 24 byte";

/// Fixes number `from` to `to - 1` of a drive, one each second, on lines of their own: bytes of a message may look like anything.
std::string fixes(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "\r\n" + rmc(drive_point(i)) + "\r\n";
  return text;
}

struct Log {
  SigningReceiver receiver;
  std::string text = receiver.signed_block(fixes(0, 2), 7) + receiver.signed_block(fixes(2, 5), 8) + receiver.signed_block("", 9) + fixes(5, 6);

  ingest::UbloxSignatures checked(std::vector<Bytes> keys) const { return ingest::check_ublox_signatures(bytes_of(text), keys); }
  ingest::UbloxSignatures checked() const { return checked({receiver.public_x()}); }
  LogState state() const { return checked().state(); }
  /// Changes a fix that stands behind a text.
  void change_after(std::string_view where) {
    auto& digit = text[text.find("RMC", text.find(where)) + 20];
    digit = digit == '1' ? '2' : '1';
  }
  std::variant<ingest::TrackFile, Refusal> read() const { return ingest::read_track(bytes_of(text), utc("2026-05-01T12:00:00Z"), checked()); }
  Track track() const { return std::get<ingest::TrackFile>(read()).track; }
};

/// Which fixes of a drive a track has from signed bytes, one letter each: "ss-" for the first two of three.
std::string marks(const Track& track) {
  std::string text;
  for (const auto& fix : track) text += fix.receiver_signed ? 's' : '-';
  return text;
}

std::string message_of_first_block() { return "\xB5\x62\x27\x04"; }

}  // namespace

TEST_CASE("every block of a log that its receiver signed is verified") {
  const Log log;
  const auto found = log.checked();
  REQUIRE(found.blocks.size() == 3);
  for (const auto& block : found.blocks) REQUIRE(block.state == BlockState::verified);
  REQUIRE(found.blocks[1].number == 8);
  REQUIRE(found.blocks[1].end - found.blocks[1].begin == fixes(2, 5).size());
  REQUIRE(found.state() == LogState::holds);
  REQUIRE(found.fault().empty());
}

TEST_CASE("the key is found among several, and it is said which") {
  const Log log;
  const SigningReceiver other;
  REQUIRE(log.checked({other.public_x(), log.receiver.public_x()}).key == 1U);
  REQUIRE(log.checked({log.receiver.public_x(), other.public_x()}).key == 0U);
}

TEST_CASE("a changed byte, a block that was cut out, moved or signed by another makes a log altered, and the first fault is told") {
  Log changed;
  changed.change_after(message_of_first_block());
  REQUIRE(changed.checked().blocks[1].state == BlockState::wrong_hash);
  REQUIRE(changed.state() == LogState::altered);
  REQUIRE(changed.checked().fault() == "signature 8: the bytes before it were changed");

  Log cut;
  cut.text = cut.receiver.signed_block(fixes(0, 1), 1) + cut.receiver.signed_block(fixes(1, 2), 3);
  REQUIRE(cut.state() == LogState::altered);
  REQUIRE(cut.checked().fault() == "signature 3: it doesn't follow the one before it");

  Log moved;
  moved.text = moved.receiver.signed_block(fixes(0, 1), 1) + moved.receiver.signed_block(fixes(2, 3), 3) + moved.receiver.signed_block(fixes(1, 2), 2);
  REQUIRE(moved.state() == LogState::altered);

  Log forged;
  forged.text = forged.receiver.signed_block(fixes(0, 1), 1) + SigningReceiver{}.signed_block(fixes(1, 2), 2);
  REQUIRE(forged.state() == LogState::altered);
  REQUIRE(forged.checked().fault() == "signature 2: the receiver didn't make it");
}

TEST_CASE("counts go on at 0 after 65,535") {
  Log log;
  log.text = log.receiver.signed_block(fixes(0, 1), 65535) + log.receiver.signed_block(fixes(1, 2), 0);
  REQUIRE(log.state() == LogState::holds);
}

TEST_CASE("nothing is held against a log of which no block fits a known receiver: it is read as if unsigned") {
  Log log;
  const SigningReceiver other;
  for (const auto& keys : std::vector<std::vector<Bytes>>{{}, {other.public_x()}, {Bytes(23)}, {Bytes(24)}}) {
    REQUIRE(log.checked(keys).state() == LogState::unknown_receiver);
    REQUIRE(log.checked(keys).proven_parts(bytes_of(log.text)).empty());
    const auto read = ingest::read_track(bytes_of(log.text), utc("2026-05-01T12:00:00Z"), log.checked(keys));
    REQUIRE(marks(std::get<ingest::TrackFile>(read).track) == "------");
  }
  // Each block changed: even the right key proves that we read this receiver's logs as it means them.
  log.text = log.receiver.signed_block(fixes(0, 2), 7) + log.receiver.signed_block(fixes(2, 5), 8);
  log.change_after("$");
  log.change_after(message_of_first_block());
  REQUIRE(log.state() == LogState::unknown_receiver);
}

TEST_CASE("a log that begins within a block leaves that one open, and so does each session of the receiver") {
  Log log;
  log.text.erase(0, 5);
  REQUIRE(log.checked().blocks[0].state == BlockState::unknown);
  REQUIRE(log.state() == LogState::holds);

  Log two;
  two.text = two.receiver.signed_block(fixes(0, 2), 1) + fixes(2, 3) + two.receiver.signed_block(fixes(3, 4), 1, other_session) + two.receiver.signed_block(fixes(4, 6), 2, other_session);
  REQUIRE(two.checked().blocks[1].state == BlockState::unknown);
  REQUIRE(two.state() == LogState::holds);
  REQUIRE(marks(two.track()) == "ss--ss");
  two.text += fixes(6, 7) + SigningReceiver{}.signed_block(fixes(7, 8), 1);  // a session that the receiver never signed
  REQUIRE(two.state() == LogState::altered);
}

TEST_CASE("fixes count as signed where a verified block holds them, not before, behind or between") {
  Log log;
  REQUIRE(marks(log.track()) == "sssss-");
  log.text = fixes(0, 1) + log.receiver.signed_block(fixes(2, 4), 1) + log.receiver.signed_block(fixes(4, 6), 2) + fixes(6, 8);
  REQUIRE(marks(log.track()) == "---ss--");
  const auto track = log.track();
  REQUIRE(ingest::fix_at(track, track[3].taken_at + std::chrono::milliseconds{500})->receiver_signed);
  REQUIRE_FALSE(ingest::fix_at(track, track[2].taken_at + std::chrono::milliseconds{500})->receiver_signed);
}

TEST_CASE("what was put before a signed block can't take the place of its fixes") {
  Log log;
  auto elsewhere = drive_point(3);
  elsewhere.place = *LatLon::from_degrees(10, 10);
  log.text = ubx_pvt(elsewhere) + log.receiver.signed_block(ubx_pvt(drive_point(0)), 1) + log.receiver.signed_block(ubx_pvt(drive_point(3)), 2);
  const auto track = log.track();
  REQUIRE(marks(track) == "-s");
  REQUIRE(track[1].place == drive_point(3).place);
}

TEST_CASE("logs of UBX messages are marked alike") {
  Log log;
  log.text = log.receiver.signed_block(ubx_pvt(drive_point(0)) + ubx_pvt(drive_point(1)), 1) + ubx_pvt(drive_point(2));
  REQUIRE(marks(log.track()) == "ss-");
}

TEST_CASE("an altered log gives no track, with the reason") {
  Log log;
  log.change_after(message_of_first_block());
  REQUIRE(std::get<Refusal>(log.read()) == Refusal{Reason::log_altered, log.checked().fault()});
  auto file = file_of(bytes_of(log.text), "drive.ubx");
  REQUIRE_FALSE(decoded(file).report.refusal);
  REQUIRE(decoded(file).report.log == LogState::unknown_receiver);
  file.receiver_keys = {SigningReceiver{}.public_x(), log.receiver.public_x()};
  const auto report = decoded(file).report;
  REQUIRE(report.refusal->reason == Reason::log_altered);
  REQUIRE(report.track.empty());
  REQUIRE(report.log == LogState::altered);
  REQUIRE(report.log_key == 1U);
}

TEST_CASE("logs without signatures, torn messages and bait cost little and say nothing") {
  const Log log;
  const std::vector<Bytes> keys{log.receiver.public_x()};
  REQUIRE(ingest::check_ublox_signatures({}, keys).state() == LogState::unsigned_);
  REQUIRE(ingest::check_ublox_signatures(bytes_of(fixes(0, 1)), keys).state() == LogState::unsigned_);
  for (std::size_t length = 0; length < log.text.size(); length += 7) {
    REQUIRE(ingest::check_ublox_signatures(bytes_of(log.text).first(length), keys).state() != LogState::altered);
  }
  const std::string bait(2'000'000, '\xB5');
  REQUIRE(ingest::check_ublox_signatures(bytes_of(bait), keys).blocks.empty());
}

TEST_CASE("of very many signatures the first 20,000 are looked at, and what follows counts as unsigned") {
  Log log;
  const auto message = SigningReceiver{}.signed_block("", 1);
  std::string text;
  for (int i = 0; i < 20'001; ++i) text += message;
  REQUIRE(ingest::check_ublox_signatures(bytes_of(text), {}).blocks.size() == 20'000);
  const std::vector<Bytes> keys{log.receiver.public_x()};
  REQUIRE(ingest::check_ublox_signatures(bytes_of(text), keys).state() == LogState::unknown_receiver);
}

TEST_CASE("a receiver's key is 48 hexadecimal digits") {
  REQUIRE(ingest::receiver_key_from_hex("000102030405060708090A0b0c0d0e0f1011121314151617")->at(10) == std::byte{10});
  for (const std::string& wrong : {std::string{}, std::string(47, '0'), std::string(49, '0'), std::string(64, '0'), std::string(47, '0') + "g", std::string(300, '0')}) {
    REQUIRE_FALSE(ingest::receiver_key_from_hex(wrong));
  }
}

TEST_CASE("every state of a log but unsigned has a code that leads back to it, and a sentence") {
  for (const auto state : {LogState::holds, LogState::altered, LogState::unknown_receiver}) {
    REQUIRE(ingest::log_state_from_code(code_of(state)) == state);
    REQUIRE_FALSE(sentence_of(state).empty());
  }
  REQUIRE_FALSE(ingest::log_state_from_code("nonsense"));
}
