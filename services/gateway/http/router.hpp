#pragma once
// (method, path) -> handler, by a table.

#include "services/gateway/http/http.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::gateway {

struct Context;
using Handler = Response (*)(Request&, Context&);

/// What a route reads after its header.
enum class Takes { nothing, text, form };
/// Who may use a route: everybody, or those who may send captures.
enum class Needs { nobody, upload };

struct Route {
  Method method = Method::get;
  std::string_view pattern;     ///< "/api/upload_sets/{id}/files"; a {name} is one whole path segment
  Handler handler = nullptr;
  Takes takes = Takes::nothing;
  Needs needs = Needs::nobody;
};

struct Match {
  const Route* route = nullptr;
  Pairs parameters;
};
struct NoSuchPath {};
struct OtherMethods {
  std::string allow;            ///< "GET, POST"
};
struct BadPath {};              ///< a broken escape, or a segment that would climb

/// Finds routes. One slash at the end of a path is ignored; HEAD falls back on GET. A fixed segment goes before a {name}.
class Router {
 public:
  explicit Router(std::vector<Route> routes);
  std::variant<Match, NoSuchPath, OtherMethods, BadPath> find(Method method, std::string_view path) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string_view> segments;
  };
  std::vector<Entry> entries_;
};

}  // namespace cairn::gateway
