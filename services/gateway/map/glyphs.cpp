// Letters for the labels of maps, as signed distance fields, 256 code points a file (scripts/build-web makes them).

#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/static_files.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

/// "256-511.pbf": 256 code points of the basic plane.
bool is_range(std::string_view file) {
  const auto dash = file.find('-');
  if (dash == std::string_view::npos || !file.ends_with(".pbf")) return false;
  const auto first = whole_from(file.substr(0, dash)), last = whole_from(file.substr(dash + 1, file.size() - dash - 5));
  return first && last && *first >= 0 && *first <= 0xFF00 && *first % 256 == 0 && *last == *first + 255;
}

}  // namespace

Response show_glyphs(Request& request, Context& context) {
  const auto& range = request.parameter("range");
  if (!is_range(range)) return error_response(400, "Letters come as ranges of 256 code points: 0-255.pbf, 256-511.pbf, ...");
  std::string_view stack = request.parameter("stack");   // "A,B": the first one that there is
  while (!stack.empty()) {
    const auto cut = std::min(stack.find(','), stack.size());
    const auto font = "fonts/" + std::string{stack.substr(0, cut)} + "/";
    if (context.pages.find(font + range)) return show_static(request, context, font + range);
    if (context.pages.find(font + "0-255.pbf")) return {200, "application/x-protobuf", {{"Cache-Control", "public, max-age=86400"}}, {}};  // it has none of these
    stack.remove_prefix(std::min(cut + 1, stack.size()));
  }
  return error_response(404, "There is no such font: take Noto Sans Regular");
}

}  // namespace cairn::gateway
