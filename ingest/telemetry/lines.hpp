#pragma once
// Text line by line and field by field, without copies.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cairn::ingest {

/// Lines end with "\n" or "\r\n"; the last may have no end.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_{text} {}

  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const auto length = rest_.find('\n');
    auto line = rest_.substr(0, length);
    rest_.remove_prefix(length == std::string_view::npos ? rest_.size() : length + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

 private:
  std::string_view rest_;
};

/// The first fields of a line; missing ones are empty.
template <std::size_t most>
std::array<std::string_view, most> fields_of(std::string_view line, char separator) {
  std::array<std::string_view, most> fields;
  for (auto& field : fields) {
    std::size_t end = 0;
    while (end < line.size() && line[end] != separator) ++end;   // fields are short: faster than find
    field = line.substr(0, end);
    if (end == line.size()) break;
    line.remove_prefix(end + 1);
  }
  return fields;
}

}  // namespace cairn::ingest
