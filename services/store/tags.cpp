#include "services/store/tags.hpp"

#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"

namespace cairn::store {

using soci::use;

namespace {
Tag tag_from(const soci::row& row) { return {text_of_row(row, "key"), text_of_row(row, "value")}; }
}  // namespace

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
  return all_from((session.sql().prepare << "select key, value from tags where subject = :subject order by key, value", use(subject, "subject")), tag_from);
}

std::map<std::string, std::vector<Tag>> tags_of(Session& session, const std::vector<std::string>& subjects) {
  std::map<std::string, std::vector<Tag>> tags;
  for (const auto& list : lists_of(subjects)) {
    soci::rowset<soci::row> rows = (session.sql().prepare << "select subject, key, value from tags where subject in (" + list + ") order by subject, key, value");
    for (const auto& row : rows) tags[text_of_row(row, "subject")].push_back(tag_from(row));
  }
  return tags;
}

}  // namespace cairn::store
