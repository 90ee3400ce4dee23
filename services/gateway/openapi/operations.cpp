#include "services/gateway/openapi/operations.hpp"

namespace cairn::gateway {

const std::vector<Operation>& all_operations() {
  static const auto operations = [] {
    std::vector<Operation> all;
    for (const auto& part : {panoramax_operations(), account_operations(), other_upload_operations(), ogc_operations(), own_operations()}) all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return operations;
}

}  // namespace cairn::gateway
