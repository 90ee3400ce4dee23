#pragma once

#include <string>
#include <string_view>

namespace cairn::gateway {

/// Text as it may stand in HTML or XML, between tags and in attributes: bytes that are no UTF-8 become U+FFFD, control
/// characters blanks, & < > " ' references.
std::string markup_text(std::string_view text);

}  // namespace cairn::gateway
