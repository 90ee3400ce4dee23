#include "services/gateway/blob_answer.hpp"

#include "services/gateway/blob_cache.hpp"
#include "services/gateway/http/conditional.hpp"

namespace cairn::gateway {
namespace {
constexpr std::size_t kLargestHeld = 1 << 20;  // larger ones are streamed from disk, so that slow readers hold no memory
}

Response blob_answer(const Request& request, Context& context, const Sha256& name, const char* content_type) {
  const auto etag = '"' + name.hex() + '"';
  Response response{200, content_type, {{"Cache-Control", "public, max-age=300, stale-while-revalidate=86400"}}, {}};
  const auto known = request.header("if-none-match");
  if (known && names_etag(*known, etag)) return conditional(request, std::move(response), etag);

  auto bytes = context.cache.get(context.blobs, name);
  if (!bytes) return error_response(404, "These bytes are gone");
  if (bytes->size() > kLargestHeld) {
    response.body = FileBody{context.blobs.path_of(store::Namespace::public_, name), 0, bytes->size()};
  } else {
    response.body = std::move(bytes);
  }
  return conditional(request, std::move(response), etag);
}

}  // namespace cairn::gateway
