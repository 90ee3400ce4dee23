#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// A zip archive with these files, deflated; a name that begins with "link:" becomes a symbolic link to the text.
std::string make_zip(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace cairn::testing
