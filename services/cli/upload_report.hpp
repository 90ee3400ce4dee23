#pragma once

#include "services/cli/upload.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace cairn::cli {

/// Receipts by file name.
using UploadResults = std::map<std::string, nlohmann::json>;

/// Prints what became of each file: `status` is the answer of /api/upload_sets/{id}/status, `results` are the receipts of what was
/// sent now. some_refused when a file was refused or not taken.
UploadCode report_upload(const UploadOptions& options, nlohmann::json status, const UploadResults& results);

}  // namespace cairn::cli
