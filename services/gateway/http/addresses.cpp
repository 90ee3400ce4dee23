#include "services/gateway/http/addresses.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace cairn::gateway {
namespace {

/// A host that may stand in a URL: what a Host header has to look like to be repeated.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() < 256 &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view{".-:[]_"}.find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

std::string client_address(const Request& request, const std::string& socket_address, const ServerOptions& options) {
  if (!options.trust_proxy) return socket_address;
  std::string_view said;
  for (const auto& [name, value] : request.headers) {
    if (name == "x-forwarded-for") said = value;
  }
  return forwarded_address(said, socket_address);
}

/// Every proxy adds the address it sees at the end: only the last word is our ingress's own.
std::string forwarded_address(std::string_view said, const std::string& socket_address) {
  said.remove_prefix(std::min(said.rfind(',') + 1, said.size()));
  said.remove_prefix(std::min(said.find_first_not_of(' '), said.size()));
  return said.empty() || said.size() > 45 ? socket_address : std::string{said};
}

std::string sender_of(const std::string& address) {
  in6_addr six{};
  if (::inet_pton(AF_INET6, address.c_str(), &six) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&six)) return address.substr(address.rfind(':') + 1);
  for (std::size_t i = 8; i < 16; ++i) six.s6_addr[i] = 0;
  char text[INET6_ADDRSTRLEN];
  return std::string{::inet_ntop(AF_INET6, &six, text, sizeof text)} + "/64";
}

std::string base_url_of(const Request& request, const ServerOptions& options) {
  if (!options.base_url.empty()) return options.base_url.ends_with('/') ? options.base_url.substr(0, options.base_url.size() - 1) : options.base_url;
  const auto host = request.header("host").value_or("");
  const bool secure = options.trust_proxy && request.header("x-forwarded-proto").value_or("") == "https";
  return (secure ? "https://" : "http://") + (is_host(host) ? std::string{host} : options.address + ":" + std::to_string(options.port));
}

}  // namespace cairn::gateway
