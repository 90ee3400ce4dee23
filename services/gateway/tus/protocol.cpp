#include "services/gateway/tus/protocol.hpp"

#include "core/base64.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::gateway::tus {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

/// A whole number of digits only; sizes beyond 2^62 are none.
std::optional<std::uint64_t> size_from(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool fits = error == std::errc{} && end == text.data() + text.size() && size < std::uint64_t{1} << 62;
  return fits ? std::optional{size} : std::nullopt;
}

Problem too_large(std::uint64_t largest) {
  return {413, "The upload is larger than " + std::to_string(largest) + " bytes, the most this server takes (Tus-Max-Size)"};
}

/// A size in a header: nothing without the header.
Asked<std::optional<std::uint64_t>> size_in(const Request& request, std::string_view name, const char* shown) {
  const auto text = request.header(name);
  if (!text) return std::optional<std::uint64_t>{};
  const auto size = size_from(*text);
  if (!size) return Problem{400, std::string{shown} + " must be a whole number of bytes"};
  return std::optional{*size};
}

Asked<std::optional<std::uint64_t>> length_in(const Request& request, std::uint64_t largest) {
  auto length = size_in(request, "upload-length", "Upload-Length");
  if (const auto* size = std::get_if<0>(&length); size && *size && **size > largest) return too_large(largest);
  return length;
}

Asked<std::optional<Checksum>> checksum_in(const Request& request) {
  const auto text = request.header("upload-checksum");
  if (!text) return std::optional<Checksum>{};
  auto checksum = checksum_from(*text);
  if (auto* problem = std::get_if<Problem>(&checksum)) return std::move(*problem);
  return std::optional{std::get<Checksum>(std::move(checksum))};
}

/// The id at the end of an address, absolute or not.
std::optional<store::PartialUploadId> id_in_address(std::string_view address) {
  const auto slash = address.rfind('/');
  return store::PartialUploadId::parse(slash == std::string_view::npos ? address : address.substr(slash + 1));
}

std::optional<Problem> read_concat(const Request& request, Creation& creation) {
  const auto text = request.header("upload-concat");
  if (!text) return std::nullopt;
  creation.concat_text = *text;
  if (*text == "partial") {
    creation.piece = Piece::part;
    return std::nullopt;
  }
  if (!text->starts_with("final;")) return Problem{400, "Upload-Concat must be 'partial' or 'final;' with the addresses of the parts"};
  creation.piece = Piece::joined;
  for (const auto address : split(text->substr(6), ' ')) {
    if (address.empty()) continue;
    const auto id = id_in_address(address);
    if (!id) return Problem{400, "Upload-Concat names an address that is no upload of this server"};
    creation.parts.push_back(*id);
  }
  if (creation.parts.empty() || creation.parts.size() > kMostParts)
    return Problem{400, "Upload-Concat must name 1 to " + std::to_string(kMostParts) + " parts"};
  return std::nullopt;
}

std::optional<Problem> read_length(const Request& request, std::uint64_t largest, Creation& creation) {
  auto length = length_in(request, largest);
  if (auto* problem = std::get_if<Problem>(&length)) return std::move(*problem);
  creation.length = std::get<0>(length);
  const auto deferred = request.header("upload-defer-length");
  if (deferred && *deferred != "1") return Problem{400, "Upload-Defer-Length must be 1"};
  const bool is_joined = creation.piece == Piece::joined;
  const int stated = (creation.length ? 1 : 0) + (deferred ? 1 : 0);
  if (is_joined && stated > 0) return Problem{400, "A final upload has the length of its parts: send neither Upload-Length nor Upload-Defer-Length"};
  if (!is_joined && stated != 1) return Problem{400, "Send either Upload-Length or Upload-Defer-Length: 1"};
  return std::nullopt;
}

std::optional<Problem> read_body(const Request& request, Creation& creation) {
  const auto type = request.header("content-type").value_or("");
  const auto announced = announced_length(request);
  creation.brings_bytes = type == kBytesType && announced != 0;
  const bool has_body = request.header("transfer-encoding") || announced.value_or(0) > 0;
  if (has_body && type != kBytesType) return Problem{415, "Send bytes as " + std::string{kBytesType}};
  if (has_body && creation.piece == Piece::joined) return Problem{400, "A final upload takes no bytes of its own"};
  if (announced && creation.length && *announced > *creation.length) return Problem{413, "The body is longer than Upload-Length"};
  return std::nullopt;
}

}  // namespace

std::optional<Problem> version_problem(const Request& request) {
  if (request.header("tus-resumable").value_or("") == kVersion) return std::nullopt;
  return Problem{412, "This server speaks tus 1.0.0: send Tus-Resumable: 1.0.0"};
}

Method meant_method(const Request& request) {
  const auto meant = request.header("x-http-method-override");
  if (request.method != Method::post || !meant) return request.method;
  for (const auto method : {Method::patch, Method::delete_, Method::head}) {
    if (*meant == name_of(method)) return method;
  }
  return request.method;
}

Asked<Pairs> metadata_from(std::string_view text) {
  Pairs metadata;
  if (trimmed(text).empty()) return metadata;
  for (const auto entry : split(text, ',')) {
    const auto pair = trimmed(entry);
    const auto space = std::min(pair.find(' '), pair.size());
    const std::string key{pair.substr(0, space)};
    const auto value = bytes_from_base64(trimmed(pair.substr(space)));
    if (key.empty() || !value) return Problem{400, "Upload-Metadata must be pairs of a key and a Base64 value, apart by commas"};
    if (value_of(metadata, key)) return Problem{400, "Upload-Metadata names a key twice"};
    metadata.emplace_back(key, text_of(*value));
  }
  return metadata;
}

Asked<Checksum> checksum_from(std::string_view text) {
  using enum Checksum::Algorithm;
  struct Known {
    std::string_view name;
    Checksum::Algorithm algorithm;
    std::size_t bytes;
  };
  const auto space = std::min(text.find(' '), text.size());
  for (const auto& known : {Known{"sha1", sha1, 20}, Known{"md5", md5, 16}, Known{"sha256", sha256, 32}}) {
    if (text.substr(0, space) != known.name) continue;
    auto digest = bytes_from_base64(trimmed(text.substr(space)));
    if (digest && digest->size() == known.bytes) return Checksum{known.algorithm, std::move(*digest)};
    return Problem{400, "Upload-Checksum must be the algorithm's name and the digest in Base64"};
  }
  return Problem{400, "Upload-Checksum must use one of " + std::string{kChecksums}};
}

std::optional<std::uint64_t> announced_length(const Request& request) { return size_from(request.header("content-length").value_or("")); }

Asked<Creation> creation_from(const Request& request, std::uint64_t largest) {
  Creation creation;
  if (auto problem = read_concat(request, creation)) return std::move(*problem);
  if (auto problem = read_length(request, largest, creation)) return std::move(*problem);
  if (auto problem = read_body(request, creation)) return std::move(*problem);
  creation.metadata_text = request.header("upload-metadata").value_or("");
  auto metadata = metadata_from(creation.metadata_text);
  if (auto* problem = std::get_if<Problem>(&metadata)) return std::move(*problem);
  creation.metadata = std::get<Pairs>(std::move(metadata));
  auto checksum = checksum_in(request);
  if (auto* problem = std::get_if<Problem>(&checksum)) return std::move(*problem);
  creation.checksum = std::get<0>(std::move(checksum));
  return creation;
}

Asked<Chunk> chunk_from(const Request& request, std::uint64_t largest) {
  if (request.header("content-type").value_or("") != kBytesType) return Problem{415, "Send bytes as " + std::string{kBytesType}};
  Chunk chunk;
  const auto offset = size_from(request.header("upload-offset").value_or(""));
  if (!offset) return Problem{400, "Upload-Offset must be a whole number of bytes"};
  chunk.offset = *offset;
  auto length = length_in(request, largest);
  if (auto* problem = std::get_if<Problem>(&length)) return std::move(*problem);
  chunk.length = std::get<0>(length);
  auto checksum = checksum_in(request);
  if (auto* problem = std::get_if<Problem>(&checksum)) return std::move(*problem);
  chunk.checksum = std::get<0>(std::move(checksum));
  return chunk;
}

std::optional<Problem> chunk_problem(const Chunk& chunk, std::uint64_t offset, std::optional<std::uint64_t> length, std::optional<std::uint64_t> announced) {
  if (chunk.offset != offset) return Problem{409, "The upload has " + std::to_string(offset) + " bytes: go on from there"};
  if (length && chunk.length && *chunk.length != *length) return Problem{400, "Upload-Length was told before, and was another"};
  const auto end = length ? length : chunk.length;
  if (end && *end < offset) return Problem{400, "Upload-Length is less than what is here already"};
  if (end && announced && *announced > *end - offset) return Problem{413, "These bytes go beyond Upload-Length"};
  return std::nullopt;
}

}  // namespace cairn::gateway::tus
