#pragma once
// What filters may ask about, as queryables say it too.

#include "services/gateway/panoramax/cql2.hpp"

namespace cairn::gateway {

const FilterWords& item_words();
const FilterWords& collection_words();
const FilterWords& upload_set_words();

}  // namespace cairn::gateway
