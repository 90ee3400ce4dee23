#pragma once
// What a contributor is shown about an epoch.

#include "core/reason.hpp"
#include "rewards/epoch.hpp"

#include <functional>
#include <span>
#include <string>

namespace cairn::rewards {

/// A frame of the contributor that earned nothing because it was refused.
struct RefusedFrame {
  FrameId frame;
  UtcTime taken_at{};
  Refusal refusal;
};

/// Gives the address of a frame's page or picture; an empty text where there is none.
using FrameLink = std::function<std::string(FrameId)>;

/// The statement of one account as JSON text: share, quota, ledger key, and a line per frame with each factor.
/// An account without work gets a statement with amount 0.
std::string statement_json(const EpochResult& result, Address account, std::span<const RefusedFrame> refused = {},
                           const FrameLink& link = {});

/// The same as sentences for a terminal: how the share came about, with at most `most_lines` frames.
std::string explain(const EpochResult& result, Address account, std::size_t most_lines = 20);

/// Totals of the epoch for everybody as JSON text: pool, shares, frames, cells, root.
std::string summary_json(const EpochResult& result);

}  // namespace cairn::rewards
