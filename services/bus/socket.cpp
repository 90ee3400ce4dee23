#include "services/bus/socket.hpp"

#include <zmq.hpp>

#include <array>
#include <filesystem>
#include <stdexcept>

namespace cairn::bus {
namespace {

constexpr int kLinger_ms = 500;     // what is unsent at the end is lost after this; the database remembers
constexpr int kHighWaterMark = 64;  // credit keeps queues far below it

zmq::context_t& context() {
  static zmq::context_t shared{1};
  return shared;
}

void set_limits(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, kLinger_ms);
  socket.set(zmq::sockopt::maxmsgsize, kMostBytes);
  socket.set(zmq::sockopt::rcvhwm, kHighWaterMark);
  socket.set(zmq::sockopt::sndhwm, kHighWaterMark);
}

bool readable(zmq::socket_t& socket, std::chrono::milliseconds patience, int wake = -1) {
  std::array<zmq::pollitem_t, 2> items{{{socket.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, wake, ZMQ_POLLIN, 0}}};
  try {
    zmq::poll(items.data(), wake < 0 ? 1 : 2, patience);
  } catch (const zmq::error_t& error) {
    if (error.num() == EINTR) return false;  // a signal: the caller's loop looks at its flag
    throw;
  }
  return (items[0].revents & ZMQ_POLLIN) != 0;
}

std::optional<Envelope> envelope_from(const zmq::message_t& message) {
  Envelope envelope;
  if (!envelope.ParseFromArray(message.data(), static_cast<int>(message.size()))) return std::nullopt;
  if (envelope.version() != kVersion) return std::nullopt;
  return envelope;
}

zmq::message_t message_from(const Envelope& envelope) {
  Envelope stamped = envelope;
  stamped.set_version(kVersion);
  const auto text = stamped.SerializeAsString();
  return {text.data(), text.size()};
}

void make_folder_of_ipc(const std::string& address) {
  if (!address.starts_with("ipc://")) return;
  std::filesystem::create_directories(std::filesystem::path{address.substr(6)}.parent_path());
}

}  // namespace

std::optional<std::string> problem_of_address(const std::string& address) {
  if (address.starts_with("ipc://")) return std::nullopt;
  for (const std::string_view loopback : {"tcp://127.0.0.1:", "tcp://[::1]:", "tcp://localhost:"}) {
    if (address.starts_with(loopback)) return std::nullopt;
  }
  return "bus.address is " + address + ", where other machines might reach the bus, which asks nobody who they are: leave it empty, or use "
         "tcp://127.0.0.1:PORT and carry it to workers elsewhere through a tunnel that does (WireGuard, ssh -L)";
}

bool fits(const Envelope& envelope) {
  constexpr std::size_t kVersionBytes = 16;  // stamped on at sending
  return envelope.ByteSizeLong() + kVersionBytes <= static_cast<std::size_t>(kMostBytes);
}

struct RouterSocket::State {
  zmq::socket_t socket{context(), zmq::socket_type::router};
  std::uint64_t dropped = 0;
};

RouterSocket::RouterSocket(const std::string& address) : state_{std::make_unique<State>()} {
  if (const auto problem = problem_of_address(address)) throw std::runtime_error{*problem};
  set_limits(state_->socket);
  state_->socket.set(zmq::sockopt::router_mandatory, true);
  state_->socket.set(zmq::sockopt::router_handover, true);  // a reconnecting worker takes its old place
  try {
    make_folder_of_ipc(address);
    state_->socket.bind(address);
  } catch (const std::exception& error) {
    throw std::runtime_error{"can't bind the bus to " + address + ": " + error.what()};
  }
}
RouterSocket::~RouterSocket() = default;

std::optional<RouterSocket::Arrived> RouterSocket::receive(std::chrono::milliseconds patience) {
  if (!readable(state_->socket, patience)) return std::nullopt;
  zmq::message_t peer;
  zmq::message_t body;
  if (!state_->socket.recv(peer, zmq::recv_flags::dontwait)) return std::nullopt;
  bool more = peer.more();
  if (more && !state_->socket.recv(body, zmq::recv_flags::dontwait)) return std::nullopt;
  const bool whole = more && !body.more();
  for (more = body.more(); more;) {
    zmq::message_t rest;
    if (!state_->socket.recv(rest, zmq::recv_flags::dontwait)) break;
    more = rest.more();
  }
  auto envelope = whole ? envelope_from(body) : std::nullopt;
  if (!envelope) {
    ++state_->dropped;
    return std::nullopt;
  }
  return Arrived{peer.to_string(), std::move(*envelope)};
}

bool RouterSocket::send(const std::string& peer, const Envelope& envelope) {
  try {
    zmq::message_t address{peer.data(), peer.size()};
    if (!state_->socket.send(address, zmq::send_flags::sndmore | zmq::send_flags::dontwait)) return false;
    return state_->socket.send(message_from(envelope), zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH || error.num() == EAGAIN) return false;
    throw;
  }
}

std::uint64_t RouterSocket::dropped() const { return state_->dropped; }

struct DealerSocket::State {
  std::string address;
  zmq::socket_t socket;
};

DealerSocket::DealerSocket(const std::string& address) : state_{std::make_unique<State>()} {
  if (const auto problem = problem_of_address(address)) throw std::runtime_error{*problem};
  state_->address = address;
  reconnect();
}
DealerSocket::~DealerSocket() = default;

void DealerSocket::reconnect() {
  zmq::socket_t fresh{context(), zmq::socket_type::dealer};
  set_limits(fresh);
  fresh.set(zmq::sockopt::reconnect_ivl, 100);
  fresh.set(zmq::sockopt::reconnect_ivl_max, 2000);
  try {
    fresh.connect(state_->address);
  } catch (const zmq::error_t& error) {
    throw std::runtime_error{"can't connect to the coordinator at " + state_->address + ": " + error.what()};
  }
  state_->socket = std::move(fresh);
}

std::optional<Envelope> DealerSocket::receive(std::chrono::milliseconds patience, int wake) {
  if (!readable(state_->socket, patience, wake)) return std::nullopt;
  zmq::message_t body;
  if (!state_->socket.recv(body, zmq::recv_flags::dontwait)) return std::nullopt;
  for (bool more = body.more(); more;) {
    zmq::message_t rest;
    if (!state_->socket.recv(rest, zmq::recv_flags::dontwait)) break;
    more = rest.more();
  }
  return envelope_from(body);
}

bool DealerSocket::send(const Envelope& envelope) {
  return state_->socket.send(message_from(envelope), zmq::send_flags::dontwait).has_value();
}

}  // namespace cairn::bus
