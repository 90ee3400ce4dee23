#pragma once
// What tus answers say, and what several of its requests ask of the catalogue.

#include "services/gateway/context.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/gateway/tus/protocol.hpp"

namespace cairn::gateway::tus {

/// With Tus-Resumable, and every header of ours open to scripts of other origins.
Response answer(int status, Pairs headers = {});
Response answer_to(const Problem& problem);
/// Offset, expiry and receipt of an upload, for any answer about it.
Pairs headers_of(const store::PartialUpload& upload, std::uint64_t offset);

bool is_joined(const store::PartialUpload& upload);
bool is_part(const store::PartialUpload& upload);

/// The upload that the path names: 412 for the version, 404 where the caller has none of this name, 410 when its time is over.
Asked<store::PartialUpload> requested_upload(const Request& request, Context& context);

/// Where an upload goes: metadata `upload_set`, or else a set per account and session (metadata `session`, or client and day).
/// 404 and 403 as for any other file of a set.
Asked<store::UploadSet> set_for(const Creation& creation, const Request& request, Context& context);

/// The name that metadata gives (filename or name), the last component only; the upload's id where it gives none.
std::string name_in(const Pairs& metadata, store::PartialUploadId id);

/// Where an upload is found.
std::string location_of(const Context& context, store::PartialUploadId id);

/// Hands a whole upload on. Its row gets the receipt in the same transaction; `is_new`: it has no row yet. 404 when its set is gone.
std::optional<Problem> finish(store::PartialUpload& upload, Delivery delivery, bool is_new, Context& context);

}  // namespace cairn::gateway::tus
