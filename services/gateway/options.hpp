#pragma once

#include "core/terms.hpp"
#include "services/gateway/http/server_options.hpp"
#include "services/identity/jwt.hpp"

#include <filesystem>
#include <string>

namespace cairn::gateway {

struct GatewayOptions : ServerOptions {
  std::filesystem::path data = "data";             ///< holds incoming/, bundles/, and what the fields below leave open
  std::filesystem::path blobs;                     ///< empty: data/blobs
  std::filesystem::path archives;                  ///< folder of tiles from elsewhere; empty: data/archives
  std::filesystem::path web;                       ///< the built map page; empty: none
  identity::ServerSecret token_secret;             ///< signs tokens; empty: the one in data/token-secret, made when there is none
  bool registration_is_open = false;               ///< anyone may make an account
  std::size_t tile_cache_bytes = 64 << 20;         ///< some 2,500 tiles of 24 kB: a city's at the zooms people look at
  bool auth_required = false;                      ///< uploads need a token; always so unless listening on loopback only
  Terms terms;
};

/// Whether uploads need a token under these options.
bool needs_token(const GatewayOptions& options);

}  // namespace cairn::gateway
