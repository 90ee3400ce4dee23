#pragma once

#include "services/gateway/context.hpp"

namespace cairn::gateway {

/// A public blob with ETag, Range and conditional answers. Its bytes were checked against its name. 404 when it is gone.
Response blob_answer(const Request& request, Context& context, const Sha256& name, const char* content_type);

}  // namespace cairn::gateway
