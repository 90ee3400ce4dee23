#include "tests/fusion/tables.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace cairn::testing {

std::vector<std::vector<double>> table_of(const std::filesystem::path& file, bool with_header) {
  std::ifstream in{file};
  std::vector<std::vector<double>> rows;
  std::string line;
  if (with_header) std::getline(in, line);
  while (std::getline(in, line)) {
    std::ranges::replace_if(
        line, [](char c) { return c == ',' || c == ';' || c == ' '; }, '\n');
    std::vector<double> row;
    for (std::size_t begin = 0; begin < line.size();) {
      const auto end = std::min(line.find('\n', begin), line.size());
      row.push_back(std::strtod(line.substr(begin, end - begin).c_str(), nullptr));
      begin = end + 1;
    }
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::vector<double>> array_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  if (bytes.size() < 10) return {};
  const std::size_t header = 10 + static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]);
  const auto shape = bytes.find("'shape': (");
  const auto comma = bytes.find(", ", shape + 10);
  const auto close = bytes.find(')', shape);
  const std::size_t width = comma < close ? std::strtoul(bytes.c_str() + comma + 2, nullptr, 10) : 1;
  std::vector<std::vector<double>> rows;
  for (std::size_t at = header; at + 8 * width <= bytes.size(); at += 8 * width) {
    std::memcpy(rows.emplace_back(width).data(), bytes.data() + at, 8 * width);
  }
  return rows;
}

}  // namespace cairn::testing
