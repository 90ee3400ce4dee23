#pragma once

#include <string>

namespace cairn {

/// What a map, or a part of it, is called, and on which terms it is handed on.
struct Terms {
  std::string title = "Cairn";
  std::string licence_id = "CC-BY-SA-4.0";                   ///< of SPDX
  std::string licence_url = "https://creativecommons.org/licenses/by-sa/4.0/";
  std::string attribution = "Contributors of this Cairn";    ///< who is to be named
  std::string description = "A street-level map made by those who drive it";
};

}  // namespace cairn
