#pragma once
// Which boxes redaction hides: what was found, and what must be there although it was not found.

#include "core/observation.hpp"

#include <span>
#include <vector>

namespace cairn::vision {

/// The least score at which a class leads to something hidden. Scores of different classes can't be compared: one net may say
/// 0.2 of a head as surely as 0.4 of a plate, so models.yaml may set them for each model.
struct HideScores {
  double plate = 0.30;
  double head = 0.30;
  double person = 0.30;
  double vehicle = 0.50;

  /// Above 1 for a class that never leads to anything hidden.
  double of(ObjectClass object) const;
  double least() const;
  /// As stored in a RedactionRecord.
  Values values() const;
};

/// Plates and heads from their scores on, and by context (with the score of what they follow from): the upper 30 % of every
/// person, whether or not a head was found there, since a head that was found may be a wrong one; the lower centre of a vehicle
/// wider than 90 px without a plate. A score that is not a number counts as high. Throws std::runtime_error for a box that is not finite.
std::vector<Detection> boxes_to_hide(std::span<const Detection> found, const HideScores& least);

}  // namespace cairn::vision
