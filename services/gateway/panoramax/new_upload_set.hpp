#pragma once

#include "services/gateway/context.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/store/uploads.hpp"

#include <nlohmann/json.hpp>

#include <variant>
#include <vector>

namespace cairn::gateway {

/// An upload set of the caller, not written down yet.
struct NewUploadSet {
  store::UploadSet set;
  std::vector<TagChange> tags;
};

/// Makes one of what a client asks for; 400 with everything that is wrong with it.
std::variant<NewUploadSet, Response> new_upload_set(const nlohmann::json& asked, const Request& request, const Context& context);

}  // namespace cairn::gateway
