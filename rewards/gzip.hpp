#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::rewards {

/// Gzip (RFC 1952) with no name and no time. The bytes follow from the text alone: no library's version can change them,
/// which is why the compressor is our own (docs/decisions/bundle-compression.md). Up to 4 GiB - 1.
std::string gzipped(std::string_view text);

/// The text of a gzip file of one member; nothing when it is damaged or claims more than DEFLATE can expand to.
std::optional<std::string> gunzipped(std::string_view file);

}  // namespace cairn::rewards
