#pragma once
// Upload sets and their files as the API shows them.

#include "services/gateway/context.hpp"
#include "services/store/files.hpp"
#include "services/store/uploads.hpp"

#include <nlohmann/json_fwd.hpp>

namespace cairn::gateway {

/// What happened to a set, from the catalogue's counts.
struct SetProgress {
  store::FileCounts files;
  store::FrameCounts frames;
  int items() const { return files.received + frames.decoded + frames.assembled + frames.inspected + frames.fused; }
};

nlohmann::json upload_set_json(Context& context, const store::UploadSet& set, bool with_status);
nlohmann::json file_json(const Context& context, const store::ReceivedFile& file);
/// {"reason", "severity", "message", "details"}: a refusal in the words of the Panoramax API, with our own code in details.
nlohmann::json refusal_json(const Refusal& refusal);
/// 400 with the reason, for a file that can't become a picture.
Response refusal_response(const Refusal& refusal);
/// The sentence of a refusal with what was found.
std::string message_of(const Refusal& refusal);

}  // namespace cairn::gateway
