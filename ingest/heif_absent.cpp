#include "ingest/heif.hpp"

namespace cairn::ingest {
namespace {
Refusal no_libheif() {
  return {Reason::not_supported, "a HEIC picture, which this server was built without: send JPEG"};
}
}  // namespace

std::variant<HeifOutline, Refusal> heif_outline_of(ByteView) { return no_libheif(); }
std::variant<Bytes, Refusal> jpeg_from_heif(ByteView, const DecodeRules&) { return no_libheif(); }

}  // namespace cairn::ingest
