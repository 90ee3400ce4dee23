#pragma once
// Tags: key and value about a frame, sequence, upload set or annotation, which is named by its id.

#include "services/store/database.hpp"

#include <map>
#include <string>
#include <vector>

namespace cairn::store {

struct Tag {
  std::string key, value;
  friend auto operator<=>(const Tag&, const Tag&) = default;
};

/// A tag that is there already stays.
void add_tag(Session&, const std::string& subject, const Tag&);
/// Nothing happens when there is no such tag.
void remove_tag(Session&, const std::string& subject, const Tag&);
void remove_tags(Session&, const std::string& subject);

/// By key, then value.
std::vector<Tag> tags_of(Session&, const std::string& subject);
/// Of many subjects at once; those without tags are absent. Ids only: they become part of the query.
std::map<std::string, std::vector<Tag>> tags_of(Session&, const std::vector<std::string>& subjects);

}  // namespace cairn::store
