#include "services/gateway/accounts/pages.hpp"

#include "services/gateway/markup.hpp"

namespace cairn::gateway {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1b2430;background:#fff}"
    "label{display:block;margin:.8rem 0}input{font:inherit;width:100%;box-sizing:border-box;padding:.4rem}"
    "button{font:inherit;padding:.4rem 1.2rem;background:#2f6fde;color:#fff;border:0;border-radius:.3rem}"
    "table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.3rem;border-bottom:1px solid #ccd}.wrong{color:#b00020}"
    "@media(prefers-color-scheme:dark){body{background:#14181f;color:#e6e9ef}}";

}  // namespace

Response html_page(int status, std::string_view title, const std::string& content) {
  Response response{status, "text/html; charset=utf-8", {}, {}};
  const auto name = markup_text(title);
  response.body = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" + name +
                  "</title><style>" + std::string{kStyle} + "</style></head><body><h1>" + name + "</h1>\n" + content + "</body></html>\n";
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Referrer-Policy", "same-origin");
  return response;
}

Response redirection(int status, const std::string& location) {
  Response response{status, "text/html; charset=utf-8", {}, {}};
  response.headers.emplace_back("Location", location);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response to_login_page(const Request& request, const Context& context) {
  return redirection(302, "/api/auth/login?next_url=" + percent_encoded(context.base_url + request.path));
}

std::string safe_destination(std::string_view asked, const Context& context) {
  if (asked.starts_with(context.base_url + "/")) asked.remove_prefix(context.base_url.size());
  const bool is_path = asked.starts_with('/') && !asked.starts_with("//") && asked.find('\\') == std::string_view::npos && asked.size() < 2000;
  return is_path && is_plain_text(asked) ? std::string{asked} : "/api/account";
}

}  // namespace cairn::gateway
