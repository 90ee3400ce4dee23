#pragma once
// What each route of the API takes and answers: the table that the OpenAPI document is made from. A test sends requests made
// from it and checks the answers, so that it stays true.

#include "services/gateway/http/http.hpp"

#include <string_view>
#include <vector>

namespace cairn::gateway {

/// A parameter of the query, or a header that is needed.
struct Parameter {
  std::string_view name;
  std::string_view type;          ///< JSON Schema: string integer boolean
  std::string_view description;
  std::string_view example;       ///< a value that works
  std::string_view nonsense;      ///< a value that is answered 400; empty: every value is taken
  bool is_header = false;
};

inline constexpr std::string_view kHtml = "text/html";
inline constexpr std::string_view kTileTypes = "application/vnd.mapbox-vector-tile image/png image/jpeg image/webp image/avif";

struct Operation {
  Method method = Method::get;
  std::string_view pattern;       ///< as in the table of routes
  std::string_view summary;
  std::vector<Parameter> parameters;
  std::string_view body;          ///< schema of the body; "form": multipart with a file; "bytes": any; empty: none
  std::string_view answer;        ///< schema of the JSON answer; for other answers a media type, or several apart by blanks; empty: no body
  int status = 200;               ///< of success
  bool needs_token = false;       ///< where the server asks for one
  std::string_view body_type = "application/json";
};

/// Those of Panoramax's API; accounts and devices; uploads by other protocols; OGC APIs; and what is Cairn's own.
std::vector<Operation> panoramax_operations();
std::vector<Operation> account_operations();
std::vector<Operation> other_upload_operations();
std::vector<Operation> ogc_operations();
std::vector<Operation> own_operations();

/// The query of a list of features.
std::vector<Parameter> feature_parameters();

/// All of them, in that order.
const std::vector<Operation>& all_operations();

}  // namespace cairn::gateway
