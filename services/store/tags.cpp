#include "services/store/tags.hpp"

#include "services/store/rows.hpp"

#include <algorithm>

namespace cairn::store {

using soci::use;

namespace {
constexpr std::size_t kAtOnce = 500;  // ids of one query: 20 kB of text
}

void add_tag(Session& session, const std::string& subject, const Tag& tag) {
  session.sql() << "insert into tags(subject, key, value) values (:subject, :key, :value) on conflict (subject, key, value) do nothing",
      use(subject, "subject"), use(tag.key, "key"), use(tag.value, "value");
}

void remove_tag(Session& session, const std::string& subject, const Tag& tag) {
  session.sql() << "delete from tags where subject = :subject and key = :key and value = :value", use(subject, "subject"), use(tag.key, "key"),
      use(tag.value, "value");
}

void remove_tags(Session& session, const std::string& subject) { session.sql() << "delete from tags where subject = :subject", use(subject, "subject"); }

std::vector<Tag> tags_of(Session& session, const std::string& subject) {
  std::vector<Tag> tags;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select key, value from tags where subject = :subject order by key, value", use(subject, "subject"));
  for (const auto& row : rows) tags.push_back({text_of_row(row, "key"), text_of_row(row, "value")});
  return tags;
}

std::map<std::string, std::vector<Tag>> tags_of(Session& session, const std::vector<std::string>& subjects) {
  std::map<std::string, std::vector<Tag>> tags;
  for (std::size_t from = 0; from < subjects.size(); from += kAtOnce) {
    std::string list;
    for (std::size_t i = from; i < std::min(subjects.size(), from + kAtOnce); ++i) list += (list.empty() ? "'" : ", '") + subjects[i] + "'";
    soci::rowset<soci::row> rows = (session.sql().prepare << "select subject, key, value from tags where subject in (" + list + ") order by subject, key, value");
    for (const auto& row : rows) tags[text_of_row(row, "subject")].push_back({text_of_row(row, "key"), text_of_row(row, "value")});
  }
  return tags;
}

}  // namespace cairn::store
