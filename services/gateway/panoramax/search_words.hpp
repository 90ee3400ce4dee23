#pragma once
// What a search asks for: the query of a GET and the body of a POST, in one form.

#include "core/lat_lon.hpp"
#include "services/gateway/panoramax/area.hpp"
#include "services/store/published.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace cairn::gateway {

inline constexpr int kMostFound = 10'000;  ///< pictures in one answer, and ids in one question

/// What the catalogue is asked for, and what it can't judge.
struct Search {
  store::FrameSearch frames;
  std::optional<LatLon> centre;         ///< answers come in the order of their distance to it
  double least_m = 0, most_m = 1e9;     ///< distance to the centre
  bool by_time = false;                 ///< an order by time was asked for: it goes before the one by distance
  std::optional<Area> area;
  std::optional<double> facing_within_deg;  ///< the picture looks towards the centre, give or take
};

/// Reads the parameters of /api/search from an object whose values may be texts, as those of a query are. Fills `search`; gives the
/// sentence about what is wrong, or nothing. `within` and `centre` are set together.
std::optional<std::string> read_search(const nlohmann::json& asked, Search& search);

}  // namespace cairn::gateway
