#pragma once
// The few names of Asio and Beast that our coroutines use. Included by .cpp files and by headers private to this folder.

#include <utility>  // asio of Boost 1.74 needs it first

#include <boost/asio.hpp>
#include <boost/beast/core/string_type.hpp>

#include <string_view>

namespace cairn::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
template <class T>
using awaitable = asio::awaitable<T>;

/// Waits for an operation and puts its failure into `error` instead of throwing.
inline auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace cairn::gateway
