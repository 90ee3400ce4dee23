#pragma once
// Uploads that come in pieces: what the catalogue knows of them. Their bytes lie in files of their own.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

using PartialUploadId = Id<struct PartialUploadTag>;

struct PartialUpload {
  PartialUploadId id;
  AccountId account;
  std::string protocol;                      ///< tus, mapillary
  UtcTime created_at{};
  UtcTime expires_at{};
  std::optional<std::uint64_t> length;       ///< none until the sender tells
  std::uint64_t reserved = 0;                ///< bytes that count towards the account's limit
  std::string metadata;                      ///< as sent
  std::string concat;                        ///< tus's Upload-Concat as sent
  std::optional<UploadSetId> upload_set;     ///< where it goes; none for a part of something
  std::optional<std::string> receipt_json;   ///< what became of it, once it is whole
};

void insert_partial_upload(Session&, const PartialUpload&);
std::optional<PartialUpload> find_partial_upload(Session&, PartialUploadId id);
void set_partial_length(Session&, PartialUploadId id, std::uint64_t length);
/// Marks it as whole: it counts no more towards the limit.
void finish_partial_upload(Session&, PartialUploadId id, const std::string& receipt_json);
void delete_partial_upload(Session&, PartialUploadId id);

struct PartialUsage {
  std::int64_t uploads = 0;
  std::uint64_t reserved_bytes = 0;
};
/// What the account has under way.
PartialUsage partial_usage(Session&, AccountId account);
/// Up to `limit` uploads whose time is over, longest over first.
std::vector<PartialUploadId> expired_partial_uploads(Session&, UtcTime now, int limit);

}  // namespace cairn::store
