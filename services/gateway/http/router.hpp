#pragma once
// (method, path) -> handler, by a table.

#include "services/gateway/http/http.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::gateway {

using Handler = Response (*)(Request&, Context&);
/// Opens what a streamed body goes into, before it is read; or refuses it, so that nobody sends gigabytes for nothing. The size
/// that the sender announced is in Content-Length; a chunked body has none.
using OpenSink = std::variant<std::unique_ptr<BodySink>, Response> (*)(Request&, Context&);

/// How a route's body is taken: not at all, into Request::body, or into the sink that the route opens.
enum class Takes { nothing, text, stream };
/// Who may use a route: everybody; those who may read what is the account's own; who may send captures; the operator.
enum class Needs { nobody, read, upload, admin };

struct Route {
  Method method = Method::get;
  std::string_view pattern;     ///< "/api/upload_sets/{id}/files"; a {name} is one whole path segment
  Handler handler = nullptr;
  Takes takes = Takes::nothing;
  Needs needs = Needs::nobody;
  OpenSink open = nullptr;      ///< of routes that take a stream
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
