#include "tests/services/gateway/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace cairn::testing {

std::string Answer::header(const std::string& name) const {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 4;
  return head.substr(start, head.find("\r\n", start) - start);
}

Answer HttpClient::post(const std::string& path, const std::string& type, const std::string& body, const std::string& headers) const {
  return request("POST", path, type, body, headers);
}

Answer HttpClient::request(const std::string& method, const std::string& path, const std::string& type, const std::string& body,
                           const std::string& headers) const {
  auto head = method + " " + path + " HTTP/1.1\r\nHost: cairn.test\r\nConnection: close\r\n" + headers;
  if (!type.empty()) head += "Content-Type: " + type + "\r\n";
  if (!type.empty() || method != "GET") head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return send(head + "\r\n" + body);
}

Answer HttpClient::post_file(const std::string& path, const std::string& name, const std::string& bytes,
                             const std::vector<std::pair<std::string, std::string>>& fields) const {
  std::string body;
  for (const auto& [field, value] : fields) body += "--cut\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n";
  body += "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + bytes + "\r\n--cut--\r\n";
  return post(path, "multipart/form-data; boundary=cut", body);
}

Answer HttpClient::send(const std::string& bytes) const {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval limit{20, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw std::runtime_error{"the server does not take connections"};
  }
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto step = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (step <= 0) break;
    sent += static_cast<std::size_t>(step);
  }
  std::string all;
  char buffer[16384];
  for (ssize_t got; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(got));
  ::close(socket);
  const auto end = all.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {std::atoi(all.c_str() + 9), all.substr(0, end + 2), all.substr(end + 4)};
}

Sending::Sending(std::uint16_t port, const std::string& bytes, const std::string& source) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, source.c_str(), &address.sin_addr);
  ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error{"the gateway does not take connections"};
  add(bytes);
}

void Sending::add(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto step = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (step <= 0) throw std::runtime_error{"the gateway took no more bytes"};
    sent += static_cast<std::size_t>(step);
  }
}

Sending::~Sending() { ::close(socket_); }

std::string Sending::rest(std::chrono::milliseconds limit) {
  const timeval time{limit.count() / 1000, limit.count() % 1000 * 1000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  std::string all;
  char buffer[4096];
  for (ssize_t got; (got = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(got));
  return all;
}

}  // namespace cairn::testing
