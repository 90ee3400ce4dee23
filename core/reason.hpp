#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// Why something was refused. The codes are stable: they are stored, counted, shown and documented; new ones go at the end.
enum class Reason {
  // the file
  empty_file,
  file_too_large,
  not_supported,      ///< no format that Cairn reads
  broken_file,        ///< truncated or corrupt
  picture_too_small,
  picture_too_large,  ///< more pixels than the decode cap
  file_duplicate,     ///< the same picture was received before
  // time and place
  no_time,
  no_place,
  impossible_time,
  impossible_place,
  // the track
  near_duplicate,     ///< within 1 m and 60 degrees of its neighbour
  too_fast,
  zig_zag,
  stationary,         ///< all frames at one place
  time_backwards,
  // the picture
  blurred,
  too_dark,
  over_exposed,
  // privacy
  redaction_failed,   ///< redaction could not be done, so the picture is not published
  // fusion
  motion_contradicts, ///< what the pictures show moving is not what the track says
  implausible_track,
  // the service
  processing_failed,  ///< the file killed its worker or failed too often; kept aside for the operator
  // its sender
  id_conflict,        ///< another picture has the id that the sender chose for this one
  withdrawn,          ///< its owner took it away
  // places that nobody may see
  in_privacy_zone,    ///< of its sender
  in_excluded_area,   ///< of the operator
  // the receiver's signatures
  log_altered,        ///< a log that its receiver signed is not as it signed it
};

/// Whether what is refused for that reason was taken away, not judged: no later stage brings it back, and its bytes go.
constexpr bool is_taken_away(Reason reason) {
  return reason == Reason::withdrawn || reason == Reason::in_privacy_zone || reason == Reason::in_excluded_area;
}

/// "near_duplicate": the stable code.
std::string_view code_of(Reason reason);
/// A sentence for the sender that says what was wrong and what to do.
std::string_view sentence_of(Reason reason);
/// The reason with that code; nothing for an unknown one.
std::optional<Reason> reason_from_code(std::string_view code);

/// A refusal as it is stored and shown: the reason and what was found, with its values.
struct Refusal {
  Reason reason = Reason::broken_file;
  std::string detail;  ///< "latitude 91.2"; empty when the sentence says all
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace cairn
