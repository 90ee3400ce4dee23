#include "core/without_password.hpp"

namespace cairn {
namespace {

/// What stands between the first colon after "//" and the last "@" before the path or query: a password may hold an "@" of its own.
void drop_from_authority(std::string& url) {
  const auto begin = url.find("//") + 2;
  const auto query = url.find('?', begin);
  const auto at = url.rfind('@', query);
  const auto colon = url.find(':', begin);
  if (at != std::string::npos && colon < at) url.erase(colon, at - colon);
}

void drop_from_query(std::string& url) {
  for (auto key = url.find("password="); key != std::string::npos; key = url.find("password=", key + 1)) {
    const auto value = key + std::string_view{"password="}.size();
    url.erase(value, url.find('&', value) - value);
  }
}

}  // namespace

std::string without_password(std::string url) {
  if (url.find("://") == std::string::npos) return url;
  drop_from_authority(url);
  drop_from_query(url);
  return url;
}

}  // namespace cairn
