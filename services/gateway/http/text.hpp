#pragma once
// Texts as HTTP and its forms write them: pairs, escapes, numbers, dates.

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::gateway {

/// Names and values in their order; names of headers are kept in lower case.
using Pairs = std::vector<std::pair<std::string, std::string>>;
/// The first value with that name.
std::optional<std::string_view> value_of(const Pairs& pairs, std::string_view name);

/// The text with %XX replaced (and + by a space in queries); nothing when an escape is broken or stands for NUL.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);
std::string percent_encoded(std::string_view text);
/// "a=1&b=%20" as pairs; nothing when an escape is broken.
std::optional<Pairs> query_from(std::string_view text);

/// Without blanks and tabs at either end.
std::string_view trimmed(std::string_view text);
/// RFC 9110 and RFC 822, whatever the locale: "Fri, 01 May 2026 12:00:00 GMT".
std::string http_date(UtcTime time);

/// Valid UTF-8 without control characters and direction overrides: what a title or a file name may be.
bool is_plain_text(std::string_view text);
/// What JSON may hold: every byte that is no UTF-8 becomes U+FFFD.
std::string as_utf8(std::string_view text);

std::optional<double> number_from(std::string_view text);
std::optional<std::int64_t> whole_from(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace cairn::gateway
