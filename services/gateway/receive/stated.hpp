#pragma once
// What a sender states about a file, in a form's fields or in an upload's metadata.

#include "ingest/decode_file.hpp"
#include "services/gateway/http/http.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::gateway {

struct Stated {
  ingest::Overrides overrides;
  std::optional<FrameId> frame;      ///< picture_id
  std::optional<bool> is_blurred;
  std::string problem;               ///< empty when the fields make sense
  nlohmann::json details;            ///< of the problem: which field, and what was in it
};

/// Reads override_capture_time, override_latitude, override_longitude, isBlurred and picture_id; others are left alone.
Stated stated_in(const Pairs& fields);

/// The name of a file, whatever path its sender put before it.
std::string last_component(std::string_view path);

/// Why a file can't have this name; empty when it can.
std::string name_problem(const std::string& name);

}  // namespace cairn::gateway
