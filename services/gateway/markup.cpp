#include "services/gateway/markup.hpp"

#include "services/gateway/http/http.hpp"

namespace cairn::gateway {

std::string markup_text(std::string_view text) {
  std::string markup;
  for (const char c : as_utf8(text)) {
    switch (c) {
      case '&': markup += "&amp;"; break;
      case '<': markup += "&lt;"; break;
      case '>': markup += "&gt;"; break;
      case '"': markup += "&quot;"; break;
      case '\'': markup += "&#39;"; break;
      default: markup += c >= '\0' && c < ' ' && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return markup;
}

}  // namespace cairn::gateway
