#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::ingest {

/// A text of a device made safe to store and show: valid UTF-8 without control characters and direction overrides, without
/// blanks at its ends, at most `most_bytes` long. Bytes that are no UTF-8 become '?'.
std::string clean_text(std::string_view text, std::size_t most_bytes);

}  // namespace cairn::ingest
