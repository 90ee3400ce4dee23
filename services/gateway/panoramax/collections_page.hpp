#pragma once
// A page of collections: what a query asks for, what it gets, and the links to the pages around it.

#include "services/gateway/context.hpp"
#include "services/store/sequences.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::gateway {

/// Fills the page from the query; the sentence about what is wrong, or nothing.
std::optional<std::string> read_page(const Request& request, const Context& context, store::SequencePage& page);

/// first, prev, next and last, as far as there are any.
std::vector<nlohmann::json> page_links(const Request& request, const std::string& url, const store::SequencePage& page, const std::vector<store::SequenceRow>& rows);

/// The page as RSS 2.0 with GeoRSS points.
Response rss_response(Context& context, const std::vector<store::SequenceRow>& rows);

}  // namespace cairn::gateway
