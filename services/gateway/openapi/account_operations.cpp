// Logins, tokens and devices.

#include "services/gateway/openapi/operations.hpp"

namespace cairn::gateway {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr Parameter kDescription{"description", "string", "What the token is for", "my phone", ""};

}  // namespace

std::vector<Operation> account_operations() {
  using enum Method;
  return {
      {get, "/api/auth/login", "A page to log in with; 501 where no token is asked for", {{"next_url", "string", "Where to go then: a page of this server", "/api/account", ""}}, "", kHtml},
      {post, "/api/auth/login", "Logs in: the answer leads on and sets the session's cookie", {}, "Login", "", 303, false, kForm},
      {get, "/api/auth/logout", "Ends the session", {}, "", kHtml, 202},
      {get, "/api/auth/register", "A page to make an account with, where the operator opened that", {}, "", kHtml},
      {post, "/api/auth/register", "Makes an account", {}, "Registration", "", 303, false, kForm},
      {post, "/api/auth/tokens/generate", "Makes a token that works when somebody has claimed it", {kDescription}, "", "Token"},
      {get, "/api/auth/tokens/{token}/claim", "A page on which somebody who is logged in claims a token", {}, "", kHtml, 200, true},
      {post, "/api/auth/tokens/{token}/claim", "Claims a token", {}, "", kHtml, 200, true},
      {get, "/api/account", "A page with one's tokens", {}, "", kHtml, 200, true},
      {get, "/api/users/me/tokens", "The caller's tokens", {}, "", "Tokens", 200, true},
      {post, "/api/users/me/tokens", "Makes a token of the caller's account", {kDescription, {"scopes", "string", "Of upload, read and admin, apart by spaces", "upload", ""}}, "", "Token", 200, true},
      {get, "/api/users/me/tokens/{token}", "One token", {}, "", "Token", 200, true},
      {delete_, "/api/users/me/tokens/{token}", "Revokes a token", {}, "", "Message", 200, true},

      {get, "/api/users/me/export", "All that is held about the caller, as an archive", {}, "", "application/x-tar", 200, true},
      {delete_, "/api/users/me", "Takes away all that the caller ever sent, and the account", {}, "Erasure", "", 204, true},
      {get, "/api/users/me/privacy_zones", "Places in which the caller's pictures are never shown", {}, "", "PrivacyZones", 200, true},
      {post, "/api/users/me/privacy_zones", "Adds such a place; what is shown there goes at once", {}, "NewArea", "Area", 201, true},
      {delete_, "/api/users/me/privacy_zones/{area}", "Removes a zone: new pictures there are shown again", {}, "", "", 204, true},
      {get, "/api/excluded_areas", "Places in which nobody's pictures are shown", {}, "", "ExcludedAreas", 200, true},
      {post, "/api/excluded_areas", "Adds such a place; what is shown there goes at once", {}, "NewArea", "Area", 201, true},
      {delete_, "/api/excluded_areas/{area}", "Removes an excluded area: new pictures there are shown again", {}, "", "", 204, true},

      {get, "/api/devices", "The caller's devices, which sign what they record", {}, "", "Devices", 200, true},
      {post, "/api/devices", "Registers a device's key", {}, "NewDevice", "Device", 201, true},
      {delete_, "/api/devices/{device}", "Revokes a device's key", {}, "", "", 204, true},
      {post, "/api/devices/{device}/nonce", "What the device's next manifest must name", {}, "", "Nonce", 200, true},
      {post, "/api/devices/{device}/manifests", "Takes a signed list of files: a compact JWS", {}, "Manifest", "ManifestReceipt", 201, true, "text/plain"},
  };
}

}  // namespace cairn::gateway
