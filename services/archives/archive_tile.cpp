#include "services/archives/archive_tile.hpp"

#include "services/gateway/http/conditional.hpp"
#include "tiler/gzip.hpp"

#include <xxhash.h>

namespace cairn::archives {
namespace {

using gateway::Response;

constexpr std::size_t kMostInflated = std::size_t{16} << 20;  // a hundred times what a map client can bear

/// The answer without its body, and the body: in the archive's file, or copied.
struct Made {
  Response response;
  std::string etag;
  Bytes bytes;
  std::optional<FileRange> place;
};

std::string digest_of(ByteView bytes) {
  const auto digest = XXH3_128bits(bytes.data(), bytes.size());
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(digest.high64), static_cast<unsigned long long>(digest.low64));
  return text.data();
}

Made made(const Shelved& archive, TileId tile, const TileForm& form) {
  Made made;
  auto& headers = made.response.headers;
  headers.emplace_back("Cache-Control", form.is_versioned ? "public, max-age=31536000, immutable" : "public, max-age=60, stale-while-revalidate=600");
  headers.emplace_back("Vary", "Accept-Encoding, Origin");
  auto stored = archive.archive->tile(tile);
  if (!stored) {
    made.response.status = 204;
    return made;
  }
  const bool packed = stored->is_gzip && form.may_be_packed;
  made.response.content_type = tiler::content_type_of(archive.archive->facts().format);
  made.etag = '"' + digest_of(stored->bytes) + (packed ? "-gz\"" : "\"");
  if (packed) headers.emplace_back("Content-Encoding", "gzip");
  made.bytes = stored->is_gzip && !packed ? tiler::gunzipped(stored->bytes, kMostInflated) : std::move(stored->bytes);
  if (packed || !stored->is_gzip) made.place = stored->place;
  return made;
}

}  // namespace

gateway::SharedAnswer tile_answer(const SharedArchive& archive, TileId tile, const TileForm& form) {
  auto tile_made = made(*archive, tile, form);
  if (!tile_made.etag.empty()) tile_made.response.headers.emplace_back("ETag", tile_made.etag);
  if (tile_made.place) return gateway::prepared_answer(std::move(tile_made.response), *tile_made.place, archive, 0);
  tile_made.response.body = std::make_shared<const Bytes>(std::move(tile_made.bytes));
  return gateway::prepared_answer(std::move(tile_made.response));
}

Response tile_response(const gateway::Request& request, const SharedArchive& archive, TileId tile, const TileForm& form) {
  auto tile_made = made(*archive, tile, form);
  if (tile_made.response.status != 200) return std::move(tile_made.response);
  tile_made.response.body = std::make_shared<const Bytes>(std::move(tile_made.bytes));
  return gateway::unless_known(request, std::move(tile_made.response), tile_made.etag);
}

}  // namespace cairn::archives
