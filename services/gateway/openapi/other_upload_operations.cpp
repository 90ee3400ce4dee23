// Uploads by tus (https://tus.io/protocols/resumable-upload, 1.0) and by Mapillary's protocol.

#include "services/gateway/openapi/operations.hpp"

namespace cairn::gateway {
namespace {

constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::string_view kPiece = "application/offset+octet-stream";
constexpr Parameter kVersion{"Tus-Resumable", "string", "The version of the protocol", "1.0.0", "0.1", true};
constexpr Parameter kOffset{"Upload-Offset", "integer", "How many bytes are there already", "0", "-1", true};

}  // namespace

std::vector<Operation> other_upload_operations() {
  using enum Method;
  return {
      {options, "/files", "What this server can do, in tus's headers", {}, "", "", 204},
      {options, "/files/{upload}", "The same", {}, "", "", 204},
      {post, "/files", "tus: begins an upload, whose address is in Location", {kVersion, {"Upload-Length", "integer", "How many bytes come; or Upload-Defer-Length: 1", "5", "-1", true}}, "", "", 201, true},
      {head, "/files/{upload}", "tus: how many bytes of an upload are here for good", {kVersion}, "", "", 200, true},
      {patch, "/files/{upload}", "tus: the next bytes of an upload", {kVersion, kOffset}, "bytes", "", 204, true, kPiece},
      {post, "/files/{upload}", "The same for clients that can't send PATCH", {kVersion, kOffset, {"X-HTTP-Method-Override", "string", "What is meant", "PATCH", "", true}}, "bytes", "", 204, true, kPiece},
      {delete_, "/files/{upload}", "tus: ends an upload and throws away what came", {kVersion}, "", "", 204, true},
      {get, "/files/{upload}", "What became of an upload, as JSON", {}, "", "PartialUpload", 200, true},

      {get, "/mapillary/me", "Whose token this is", {}, "", "MapillaryUser", 200, true},
      {post, "/mapillary/login", "Takes a token for a password and gives it back", {}, "MapillaryLogin", "MapillaryToken"},
      {post, "/mapillary/logging", "What tools say about themselves; not kept", {}, "Anything", "Success"},
      {get, "/mapillary/upload/{key}", "How many bytes of a file are here", {}, "", "MapillaryOffset", 200, true},
      {post, "/mapillary/upload/{key}", "The next bytes of a file", {{"Offset", "integer", "How many bytes are here already", "0", "-1", true}}, "bytes", "MapillaryHandle", 200, true, kBytes},
      {post, "/mapillary/finish_upload", "Makes an upload set of what was sent", {}, "MapillaryFinish", "MapillaryCluster", 200, true},
  };
}

}  // namespace cairn::gateway
