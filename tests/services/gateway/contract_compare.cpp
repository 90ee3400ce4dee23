#include "tests/services/gateway/contract_compare.hpp"

#include <algorithm>
#include <fstream>

namespace cairn::testing {
namespace {

using nlohmann::json;
using Found = std::vector<std::string>;

bool same_kind(const json& a, const json& b) { return (a.is_number() && b.is_number()) || a.type() == b.type(); }

std::set<std::string> rels_of(const json& links) {
  std::set<std::string> rels;
  for (const auto& link : links) rels.insert(link.value("rel", ""));
  return rels;
}

void compare(const json& theirs, const json& mine, const std::string& path, Found& found);

void compare_links(const json& theirs, const json& mine, const std::string& path, Found& found) {
  const auto rels = rels_of(mine);
  for (const auto& rel : rels_of(theirs)) {
    if (!rels.contains(rel)) found.push_back(path + "[" + rel + "] is missing");
  }
}

/// The first element of theirs; those of ours may lie in another order.
void compare_lists(const json& theirs, const json& mine, const std::string& path, Found& found) {
  if (theirs.empty()) return;
  if (mine.empty()) return found.push_back(path + " is empty");
  std::optional<Found> least;
  for (const auto& one : mine) {
    Found of_one;
    compare(theirs[0], one, path + "[]", of_one);
    if (!least || of_one.size() < least->size()) least = std::move(of_one);
  }
  found.insert(found.end(), least->begin(), least->end());
}

void compare(const json& theirs, const json& mine, const std::string& path, Found& found) {
  if (!same_kind(theirs, mine)) return found.push_back(path + " is " + mine.type_name() + " instead of " + theirs.type_name());
  if (theirs.is_array()) return path.ends_with("links") ? compare_links(theirs, mine, path, found) : compare_lists(theirs, mine, path, found);
  if (!theirs.is_object()) return;
  const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
  for (const auto& [name, value] : theirs.items()) {
    if (mine.contains(name)) compare(value, mine[name], below(name), found);
    else found.push_back(below(name) + " is missing");
  }
}

std::string media_type(const std::string& header) { return header.substr(0, header.find(';')); }

/// Whether a text is that pattern, in which a * stands for anything.
bool fits(std::string_view text, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return text == pattern;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  const auto rest = pattern.substr(star + 1);
  for (auto at = star; at <= text.size(); ++at) {
    if (fits(text.substr(at), rest)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> differences(const json& sample, const Answer& answer) {
  const int status = sample["status"];
  if (answer.status != status) return {"status " + std::to_string(answer.status) + " instead of " + std::to_string(status)};
  const auto& body = sample["body"];
  if (!body.is_object() && !body.is_array()) return {};
  Found found;
  const auto theirs = media_type(sample["headers"].value("Content-Type", "")), mine = media_type(answer.header("Content-Type"));
  if (theirs != mine) found.push_back("content " + mine + " instead of " + theirs);
  const auto parsed = json::parse(answer.body, nullptr, false);
  if (parsed.is_discarded()) found.push_back("the body is no JSON");
  else compare(body, parsed, "", found);
  return found;
}

IntendedDifferences::IntendedDifferences(const std::filesystem::path& table) {
  std::ifstream stream{table};
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto cut = line.find(" | ");
    const bool sound = cut != std::string::npos && cut + 3 < line.size() && line.find(": ") < cut;
    (sound ? entries_ : unreasoned_).push_back(line.substr(0, cut));
  }
}

bool IntendedDifferences::holds(std::string_view sample, const std::string& difference) {
  for (const auto& entry : entries_) {
    const auto colon = entry.find(": ");
    const auto name = std::string_view{entry}.substr(0, colon);
    if (fits(sample, name) && fits(difference, std::string_view{entry}.substr(colon + 2))) return used_.insert(entry), true;
  }
  return false;
}

std::vector<std::string> IntendedDifferences::idle() const {
  std::vector<std::string> idle;
  for (const auto& entry : entries_) {
    if (!used_.contains(entry)) idle.push_back("the table's difference '" + entry + "' no longer occurs: take it out");
  }
  for (const auto& line : unreasoned_) idle.push_back("the table's line '" + line + "' has no sample, difference and reason");
  return idle;
}

}  // namespace cairn::testing
