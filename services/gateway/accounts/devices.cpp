// Devices that sign what they record: registering their keys, nonces, manifests (docs/devices.md).

#include "ingest/ublox_sign.hpp"
#include "services/changes/visibility.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/identity/device_key.hpp"
#include "services/identity/manifest.hpp"
#include "services/store/devices.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::chrono::hours kNonceTime{24};    // a card may be read out the day after the drive
constexpr std::size_t kMostDevices = 1000;      // of one account: a large fleet

json device_json(const store::Device& device) {
  json body{{"id", device.id}, {"name", device.name}, {"registered_at", stac_time(device.registered_at)}, {"counter", device.counter}, {"newest", device.newest}};
  if (!device.receiver_key.empty()) body["receiver_key"] = device.receiver_key;
  if (device.revoked_at) body["revoked_at"] = stac_time(*device.revoked_at);
  return body;
}

/// The device that the path names, when it is the caller's.
std::optional<store::Device> my_device(const Request& request, Context& context) {
  auto device = store::find_device(context.catalogue, request.parameter("device"));
  return device && device->account == context.caller->account ? device : std::nullopt;
}

Response no_such_device() { return error_response(404, "You have no such device"); }

Response fault_response(identity::ManifestFault fault) {
  const bool is_form = fault == identity::ManifestFault::unsigned_ || fault == identity::ManifestFault::malformed || fault == identity::ManifestFault::too_many_files;
  return error_response(is_form ? 400 : 409, sentence_of(fault), {{"error", code_of(fault)}});
}

std::vector<store::SignedFile> rows_of(const identity::Manifest& manifest) {
  std::vector<store::SignedFile> files;
  for (const auto& file : manifest.files) files.push_back({file.content, file.name, file.size});
  return files;
}

/// Whether the proof's payload says {"account": <the caller's id>}: the holder of the key wants it to be this account's.
bool is_for(const std::string& payload, AccountId account) {
  const auto said = json_from_client(payload);
  return said && said->is_object() && said->value("account", json{}) == json(account.text());
}

}  // namespace

Response register_device(Request& request, Context& context) {
  const auto body = json_from_client(request.body);
  const auto text = [&](const char* name) {
    const auto value = body && body->is_object() ? body->value(name, json{}) : json{};
    return value.is_string() ? value.get<std::string>() : std::string{};
  };
  const auto name = text("name");
  if (name.empty() || name.size() > 100 || !is_plain_text(name)) return error_response(400, "A device needs a name of 1 to 100 bytes of plain text");
  const auto proof = identity::signed_text_in(text("proof"));
  if (!proof) return error_response(400, "proof must be a compact JWS, signed with EdDSA by the did:key in its header");
  if (!is_for(proof->payload, context.caller->account))
    return error_response(400, "The proof's payload must be {\"account\": \"" + context.caller->account.text() + "\"}: it is for this account only");
  const auto receiver_key = text("receiver_key");
  if (body->contains("receiver_key") && !ingest::receiver_key_from_hex(receiver_key))
    return error_response(400, "receiver_key must be the 24 bytes of the receiver's public key, as 48 hexadecimal digits; leave it out where there is none");
  const store::Device device{proof->did, context.caller->account, name, context.now, {}, "", {}, 0, "", receiver_key};
  bool made = false;
  bool has_room = true;
  context.catalogue.write([&](store::Session& session) {
    has_room = store::devices_of(session, device.account).size() < kMostDevices;
    made = has_room && store::insert_device(session, device);
  });
  if (!has_room) return error_response(409, "An account has at most 1000 devices");
  return made ? json_response(201, device_json(device)) : error_response(409, "This key is registered already");
}

Response list_my_devices(Request&, Context& context) {
  auto devices = json::array();
  for (const auto& device : store::devices_of(context.catalogue, context.caller->account)) devices.push_back(device_json(device));
  return json_response(200, {{"devices", devices}});
}

Response revoke_my_device(Request& request, Context& context) {
  const auto device = my_device(request, context);
  if (!device) return no_such_device();
  context.catalogue.write([&](store::Session& session) { store::revoke_device(session, device->id, context.now); });
  return Response{204, "", {}, {}};
}

Response make_device_nonce(Request& request, Context& context) {
  const auto device = my_device(request, context);
  if (!device) return no_such_device();
  if (device->revoked_at) return error_response(409, "This device was revoked: register a new key");
  const auto nonce = Uuid::random().text();
  const auto until = context.now + kNonceTime;
  context.catalogue.write([&](store::Session& session) { store::set_nonce(session, device->id, nonce, until); });
  return json_response(200, {{"nonce", nonce}, {"expires_at", stac_time(until)}, {"next_counter", device->counter + 1}, {"previous", device->newest}});
}

Response receive_manifest(Request& request, Context& context) {
  const auto read = identity::read_manifest(request.body);
  if (const auto* fault = std::get_if<identity::ManifestFault>(&read)) return fault_response(*fault);
  const auto& manifest = std::get<identity::Manifest>(read);
  std::optional<Response> answer;
  context.catalogue.write([&](store::Session& session) {
    const auto device = store::find_device(session, request.parameter("device"));
    if (!device || device->account != context.caller->account) return void(answer = no_such_device());
    if (device->revoked_at) return void(answer = error_response(409, "This device was revoked: register a new key"));
    const bool is_repeat = device->newest == manifest.hash;   // its answer was lost on the way
    const auto order = identity::check_order(manifest, {device->id, device->nonce, device->nonce_expires_at, device->counter, device->newest}, context.now);
    if (const auto* fault = std::get_if<identity::ManifestFault>(&order); fault && !is_repeat) return void(answer = fault_response(*fault));
    if (is_repeat) return;
    store::insert_manifest(session, *device, manifest.counter, manifest.hash, request.body, rows_of(manifest), context.now);
    // Files that came before their manifest are worth more now.
    for (const auto sequence : store::sequences_of_manifest(session, manifest.hash)) changes::fuse_again(session, sequence, context.now);
  });
  if (answer) return std::move(*answer);
  return json_response(201, {{"hash", manifest.hash}, {"counter", manifest.counter}, {"files", manifest.files.size()}});
}

}  // namespace cairn::gateway
