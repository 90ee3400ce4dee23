#include "services/gateway/http/static_files.hpp"

#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/store/file_view.hpp"
#include "tiler/gzip.hpp"

#include <array>

namespace cairn::gateway {
namespace {

// No script but ours, no other host; MapLibre starts its worker from a blob.
constexpr const char* kContentPolicy =
    "default-src 'self'; script-src 'self'; worker-src 'self' blob:; child-src blob:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

constexpr std::array kTypes{
    std::pair{".html", "text/html; charset=utf-8"}, std::pair{".js", "text/javascript; charset=utf-8"},
    std::pair{".mjs", "text/javascript; charset=utf-8"},
    std::pair{".css", "text/css; charset=utf-8"},   std::pair{".svg", "image/svg+xml"},
    std::pair{".json", "application/json"},         std::pair{".png", "image/png"},
    std::pair{".woff2", "font/woff2"},              std::pair{".pbf", "application/x-protobuf"},
    std::pair{".webmanifest", "application/manifest+json"}, std::pair{".txt", "text/plain; charset=utf-8"}};

std::string type_of(const std::filesystem::path& path) {
  for (const auto& [extension, type] : kTypes) {
    if (path.extension() == extension) return type;
  }
  return "application/octet-stream";
}

/// Names below assets/ hold a hash of the content; fonts and sprites change with a release; the rest is asked for anew each time.
const char* cache_control_of(std::string_view name) {
  if (name.starts_with("assets/")) return "public, max-age=31536000, immutable";
  if (name.starts_with("fonts/") || name.starts_with("sprites/")) return "public, max-age=86400, stale-while-revalidate=604800";
  return "public, max-age=0, must-revalidate";
}

StaticFiles::File file_at(const std::filesystem::path& path, std::string_view name) {
  const store::FileView view{path};
  StaticFiles::File file{type_of(path), sha256_of(view.bytes()).hex().substr(0, 32), nullptr, nullptr, cache_control_of(name)};
  file.plain = std::make_shared<const Bytes>(view.bytes().begin(), view.bytes().end());
  auto packed = tiler::gzipped(view.bytes(), 9);
  if (packed.size() < view.bytes().size()) file.packed = std::make_shared<const Bytes>(std::move(packed));
  return file;
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || !std::filesystem::is_directory(folder, error)) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    const auto name = entry.path().lexically_relative(folder).generic_string();
    files_[name] = file_at(entry.path(), name);
  }
}

const StaticFiles::File* StaticFiles::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

Response show_static(const Request& request, const Context& context, const std::string& name) {
  const auto* file = context.pages.find(name);
  if (!file) return error_response(404, "There is nothing at this address");
  Response response{200, file->content_type, {{"Vary", "Accept-Encoding"}, {"Content-Security-Policy", kContentPolicy}, {"Referrer-Policy", "no-referrer"}}, {}};
  response.headers.emplace_back("Cache-Control", file->cache_control);
  const bool packed = file->packed && takes_gzip(request);
  response.body = packed ? file->packed : file->plain;
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  return unless_known(request, std::move(response), '"' + file->etag + (packed ? "-gz\"" : "\""));
}

Response show_page(Request& request, Context& context) {
  if (!request.parameters.empty()) return show_static(request, context, request.parameter("file"));
  if (!context.pages.find("index.html")) return error_response(404, "The map page is not built here: the API is at /api");
  return show_static(request, context, "index.html");
}
Response show_asset(Request& request, Context& context) { return show_static(request, context, "assets/" + request.parameter("file")); }
Response show_sprite(Request& request, Context& context) { return show_static(request, context, "sprites/" + request.parameter("file")); }

}  // namespace cairn::gateway
