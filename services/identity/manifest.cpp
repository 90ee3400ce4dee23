#include "services/identity/manifest.hpp"

#include "services/identity/device_key.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <optional>

namespace cairn::identity {
namespace {

using nlohmann::json;

struct Words {
  ManifestFault fault;
  std::string_view code, sentence;
};
constexpr std::array kWords{
    Words{ManifestFault::unsigned_, "not_signed", "The manifest is no compact JWS whose EdDSA signature fits the did:key in its header"},
    Words{ManifestFault::malformed, "malformed", "The manifest needs v 1, nonce, counter, previous, and files with name, size and sha256"},
    Words{ManifestFault::too_many_files, "too_many_files", "A manifest names at most 5,000 files: send several"},
    Words{ManifestFault::other_device, "other_device", "The manifest was signed by another device"},
    Words{ManifestFault::stale_nonce, "stale_nonce", "The nonce is not this session's or has expired: ask for a new one and sign again"},
    Words{ManifestFault::wrong_counter, "wrong_counter", "The counter must be one more than that of the manifest before"},
    Words{ManifestFault::wrong_previous, "wrong_previous", "previous must be the SHA-256 of the manifest before, as it was sent"},
};

const Words& words_of(ManifestFault fault) {
  for (const auto& words : kWords) {
    if (words.fault == fault) return words;
  }
  return kWords[0];
}

std::optional<ManifestFile> file_from(const json& entry) {
  if (!entry.is_object()) return std::nullopt;
  const auto name = entry.find("name"), size = entry.find("size"), hash = entry.find("sha256");
  if (name == entry.end() || size == entry.end() || hash == entry.end()) return std::nullopt;
  if (!name->is_string() || !size->is_number_unsigned() || !hash->is_string()) return std::nullopt;
  const auto content = Sha256::from_hex(hash->get<std::string>());
  auto text = name->get<std::string>();
  const auto bytes = size->get<std::uint64_t>();
  if (!content || text.empty() || text.size() > 255 || bytes > std::uint64_t{1} << 50) return std::nullopt;
  return ManifestFile{std::move(text), static_cast<std::int64_t>(bytes), *content};
}

bool is_hex_digest_or_empty(const std::string& text) { return text.empty() || (Sha256::from_hex(text) && Sha256::from_hex(text)->hex() == text); }

}  // namespace

std::string_view sentence_of(ManifestFault fault) { return words_of(fault).sentence; }
std::string_view code_of(ManifestFault fault) { return words_of(fault).code; }

std::variant<Manifest, ManifestFault> read_manifest(std::string_view jws) {
  using enum ManifestFault;
  const auto text = signed_text_in(jws);
  if (!text) return unsigned_;
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= 3; };
  const auto body = json::parse(text->payload, shallow, false);
  if (!body.is_object() || body.value("v", json{}) != json(1)) return malformed;
  const auto nonce = body.value("nonce", json{}), counter = body.value("counter", json{}), previous = body.value("previous", json{});
  const auto files = body.find("files");
  if (!nonce.is_string() || !counter.is_number_unsigned() || !previous.is_string() || files == body.end() || !files->is_array()) return malformed;
  if (files->size() > kMostManifestFiles) return too_many_files;
  if (counter.get<std::uint64_t>() > std::uint64_t{1} << 53 || !is_hex_digest_or_empty(previous.get<std::string>())) return malformed;
  Manifest manifest{text->did, nonce.get<std::string>(), static_cast<std::int64_t>(counter.get<std::uint64_t>()), previous.get<std::string>(), {}, sha256_of(jws).hex()};
  for (const auto& entry : *files) {
    auto file = file_from(entry);
    if (!file) return malformed;
    manifest.files.push_back(std::move(*file));
  }
  return manifest;
}

std::variant<std::monostate, ManifestFault> check_order(const Manifest& manifest, const DeviceState& device, UtcTime now) {
  using enum ManifestFault;
  if (manifest.did != device.did) return other_device;
  if (device.nonce.empty() || manifest.nonce != device.nonce || now >= device.nonce_expires_at) return stale_nonce;
  if (manifest.counter != device.counter + 1) return wrong_counter;
  if (manifest.previous != device.newest) return wrong_previous;
  return std::monostate{};
}

}  // namespace cairn::identity
