#pragma once
// NMEA 0183 sentences of a receiver: RMC gives time, date, place, speed and course; GGA adds altitude and dilution.

#include "ingest/claim_check.hpp"
#include "ingest/telemetry/telemetry.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cairn::ingest {

/// "5041.2023" with 'N': degrees * 100 + minutes. Nothing for minutes of 60 and more or an unknown hemisphere.
std::optional<double> degrees_from_nmea(double degrees_and_minutes, char hemisphere);

/// Puts sentences together to fixes. Sentences without a fix, with a wrong checksum or of another type are passed over, and
/// so is a GGA before the first date.
class NmeaReader {
 public:
  enum class Checksums { believed, ignored };
  explicit NmeaReader(Checksums checksums = Checksums::believed) : checksums_{checksums} {}

  /// Takes what stands from the first '$' of the text on; `at_s` is its time in the video.
  void add(std::string_view text, double at_s = 0);

  /// Takes one sentence from its two letters of system (GP, GN, GL, …) on.
  void add_sentence(std::string_view sentence, double at_s = 0);

  bool most_sums_are_wrong() const { return wrong_sums_ > right_sums_; }

  /// With `taken_at` filled; one for each instant that follows another.
  const std::vector<VideoFix>& fixes() const { return fixes_; }
  /// With more of them than a file may hold; it takes no more.
  bool is_full() const { return fixes_.size() > kMostFixes; }

 private:
  std::string_view checked(std::string_view sentence);
  void add_rmc(std::string_view sentence, double at_s);
  void add_gga(std::string_view sentence, double at_s);
  Fix* fix_at(UtcTime time, LatLon place, double at_s);

  Checksums checksums_;
  std::size_t right_sums_ = 0, wrong_sums_ = 0;
  std::vector<VideoFix> fixes_;
  std::optional<UtcTime> last_;   ///< time of the last sentence
};

/// Reads all sentences that `feed` gives to a reader. Tools that edit a log (to blur a home, to set a clock) leave the sums as
/// they were: where most are wrong, none is believed.
template <class Feed>
NmeaReader read_sentences(const Feed& feed) {
  NmeaReader reader;
  feed(reader);
  if (!reader.most_sums_are_wrong()) return reader;
  NmeaReader trusting{NmeaReader::Checksums::ignored};
  feed(trusting);
  return trusting;
}

/// The fixes and the receiver's clock at each.
Telemetry telemetry_of(const NmeaReader& reader);

}  // namespace cairn::ingest
