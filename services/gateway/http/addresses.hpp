#pragma once
// Who asks, as far as addresses tell, and under which address.

#include "services/gateway/http/http.hpp"
#include "services/gateway/http/server_options.hpp"

#include <string>
#include <string_view>

namespace cairn::gateway {

/// Whether an address can be reached from this machine only.
bool is_loopback(const std::string& address);

/// The address of the client: of the socket, or the one that a trusted ingress says it forwards for.
std::string client_address(const Request& request, const std::string& socket_address, const ServerOptions& options);

/// The same of the last X-Forwarded-For alone, where it is believed.
std::string forwarded_address(std::string_view forwarded_for, const std::string& socket_address);

/// Whom a request is counted for: its IPv4 address, or the /64 of its IPv6 address, as a household or a server has one of those.
std::string sender_of(const std::string& address);

/// The address under which the client sees this server, without a slash at the end.
std::string base_url_of(const Request& request, const ServerOptions& options);

}  // namespace cairn::gateway
