#pragma once
// The few pages that a person sees: plain HTML without scripts, made here so that they work without the built map page.

#include "services/gateway/context.hpp"

#include <string>
#include <string_view>

namespace cairn::gateway {

/// A whole page; `content` is HTML. No other page can show it in a frame or run anything in it.
Response html_page(int status, std::string_view title, const std::string& content);

/// 302 to the login page, which leads back to what was asked for.
Response to_login_page(const Request& request, const Context& context);
Response redirection(int status, const std::string& location);

/// Where a page may lead after a form: a path of this server ("/x?y", or with our own address before it); "/api/account" for all else.
std::string safe_destination(std::string_view asked, const Context& context);

}  // namespace cairn::gateway
