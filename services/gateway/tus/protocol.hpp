#pragma once
// What tus 1.0 (tus.io/protocols/resumable-upload) writes into headers, as values. Pure: no disk, no catalogue.

#include "services/gateway/http/http.hpp"
#include "services/store/partial_uploads.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::gateway::tus {

inline constexpr std::string_view kVersion = "1.0.0";
inline constexpr std::string_view kExtensions =
    "creation,creation-with-upload,creation-defer-length,termination,checksum,concatenation,expiration";
inline constexpr std::string_view kChecksums = "sha1,md5,sha256";
inline constexpr std::string_view kBytesType = "application/offset+octet-stream";
inline constexpr std::size_t kMostParts = 100;  ///< of one concatenation; clients use as many as they open connections

/// What is wrong with a request, for its sender.
struct Problem {
  int status = 400;
  std::string message;
};
template <class T>
using Asked = std::variant<T, Problem>;

/// 412 when the request doesn't say Tus-Resumable: 1.0.0.
std::optional<Problem> version_problem(const Request& request);

/// What the request does: its method, or the one in X-HTTP-Method-Override of a POST (for clients that can't send PATCH).
Method meant_method(const Request& request);

/// "key base64,key base64": 400 for doubled or malformed ones. A key may stand without a value.
Asked<Pairs> metadata_from(std::string_view text);

struct Checksum {
  enum class Algorithm { sha1, md5, sha256 };
  Algorithm algorithm = Algorithm::sha1;
  Bytes digest;
};
/// "sha1 base64": 400 for an algorithm that is not offered or a digest of another size.
Asked<Checksum> checksum_from(std::string_view text);

enum class Piece { whole, part, joined };

/// POST: what shall be made.
struct Creation {
  std::optional<std::uint64_t> length;        ///< none: told later, or that of its parts
  Pairs metadata;
  std::string metadata_text;                  ///< as sent
  Piece piece = Piece::whole;
  std::vector<store::PartialUploadId> parts;  ///< of a joined one, in their order
  std::string concat_text;                    ///< as sent
  bool brings_bytes = false;                  ///< its body is the first bytes
  std::optional<Checksum> checksum;           ///< of those
};
/// 400, 413 above `largest`, 415.
Asked<Creation> creation_from(const Request& request, std::uint64_t largest);

/// PATCH: where its bytes belong.
struct Chunk {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length;        ///< of the whole upload, where it was left open
  std::optional<Checksum> checksum;
};
Asked<Chunk> chunk_from(const Request& request, std::uint64_t largest);

/// What speaks against these bytes: 409 when they don't begin where the upload ends, 413 when they go beyond its length, 400
/// when they state another length. `announced`: Content-Length, where the sender gave one.
std::optional<Problem> chunk_problem(const Chunk& chunk, std::uint64_t offset, std::optional<std::uint64_t> length, std::optional<std::uint64_t> announced);

/// Content-Length; nothing without one (a chunked body).
std::optional<std::uint64_t> announced_length(const Request& request);

}  // namespace cairn::gateway::tus
