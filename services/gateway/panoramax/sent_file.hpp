#pragma once

#include "services/gateway/http/upload_form.hpp"
#include "services/gateway/receive/stated.hpp"

#include <string_view>
#include <variant>

namespace cairn::gateway {

/// What a form says about the file in it. 400 when it is broken off, has no file in the part of that name, or says what makes no sense.
std::variant<Stated, Response> stated_with_file(UploadForm& form, const std::string& part);

}  // namespace cairn::gateway
