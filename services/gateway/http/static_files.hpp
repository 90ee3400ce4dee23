#pragma once

#include "services/gateway/http/http.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace cairn::gateway {

/// The built map page, read into memory at start: some 2 MB, its gzip forms included.
class StaticFiles {
 public:
  /// An empty path or a folder that isn't there gives none; a file that can't be read throws.
  explicit StaticFiles(const std::filesystem::path& folder);

  struct File {
    std::string content_type;
    std::string etag;              ///< without quotes
    SharedBytes plain;
    SharedBytes packed;            ///< gzip; none when it isn't smaller
    const char* cache_control = "";  ///< how long caches may keep it
  };
  /// By its path below the folder: "index.html", "assets/map-1a2b3c4d.js".
  const File* find(const std::string& path) const;

 private:
  std::map<std::string, File> files_;
};

/// A file of the page with what speaks for keeping it; 404 when there is none.
Response show_static(const Request& request, const Context& context, const std::string& name);

}  // namespace cairn::gateway
