#include "services/gateway/tus/join.hpp"

#include "services/store/file_view.hpp"
#include "services/gateway/receive/stated.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway::tus {
namespace {

store::PartialUploadId id_of_whole(const Creation& creation, AccountId account) {
  std::string parts;
  for (const auto& part : creation.parts) parts += part.text();
  return store::PartialUploadId::derived_from({"tus final", account.text(), parts});
}

std::optional<Problem> part_problem(const std::optional<store::PartialUpload>& part, AccountId account, const Context& context) {
  if (!part || part->account != account || part->protocol != "tus") return Problem{404, "A part of this upload is not there"};
  if (!is_part(*part)) return Problem{400, "Only uploads with Upload-Concat: partial can be put together"};
  if (durable_size(incoming_path(context, part->id)) != part->length) return Problem{409, "A part of this upload is not finished"};
  return std::nullopt;
}

/// The parts one after another, as a file of the blob store.
Delivery put_together(const std::vector<store::PartialUploadId>& parts, const Pairs& metadata, store::PartialUploadId id, const Context& context) {
  store::BlobStore::Incoming bytes{context.blobs, store::Namespace::private_};
  ContentHash hash;
  for (const auto& part : parts) {
    const store::FileView view{incoming_path(context, part)};
    bytes.add(view.bytes());
    hash.add(view.bytes());
  }
  return {name_in(metadata, id), std::move(bytes), hash.finish(), stated_in(metadata).overrides};
}

}  // namespace

Asked<store::PartialUpload> join(const Creation& creation, store::PartialUpload upload, Context& context) {
  upload.id = id_of_whole(creation, upload.account);
  if (auto known = store::find_partial_upload(context.catalogue, upload.id)) return *known;
  std::uint64_t length = 0;
  for (const auto& id : creation.parts) {
    const auto part = store::find_partial_upload(context.catalogue, id);
    if (auto problem = part_problem(part, upload.account, context)) return std::move(*problem);
    length += *part->length;
  }
  if (length > context.options.limits.upload.largest_file) return Problem{413, "The parts together are larger than this server takes (Tus-Max-Size)"};
  upload.length = length;
  upload.reserved = 0;
  auto problem = finish(upload, put_together(creation.parts, creation.metadata, upload.id, context), true, context);
  if (problem) return std::move(*problem);
  for (const auto& part : creation.parts) {
    std::error_code ignored;
    std::filesystem::remove(incoming_path(context, part), ignored);
  }
  context.writer.write([&](store::Session& session) {
    for (const auto& part : creation.parts) store::delete_partial_upload(session, part);
  });
  return upload;
}

}  // namespace cairn::gateway::tus
