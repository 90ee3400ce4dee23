#pragma once

#include "services/gateway/http/http.hpp"

namespace cairn::gateway {

/// Status line and headers as they are sent, without `Connection` and the empty line behind them. Headers with a line break in
/// their value are left out.
std::string head_of(const Response& response, std::uint64_t body_length);

}  // namespace cairn::gateway
