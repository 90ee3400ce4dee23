#include "services/store/partial_uploads.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

PartialUpload partial_upload_from(const soci::row& row) {
  PartialUpload upload;
  upload.id = id_of<PartialUploadId>(row, "id");
  upload.account = id_of<AccountId>(row, "account_id");
  upload.protocol = text_of_row(row, "protocol");
  upload.created_at = time_of(row, "created_at");
  upload.expires_at = time_of(row, "expires_at");
  if (const auto length = maybe_int(row, "length")) upload.length = static_cast<std::uint64_t>(*length);
  upload.reserved = static_cast<std::uint64_t>(int_of(row, "reserved"));
  upload.metadata = text_of_row(row, "metadata");
  upload.concat = text_of_row(row, "concat");
  upload.upload_set = maybe_id<UploadSetId>(row, "upload_set_id");
  upload.receipt_json = maybe_text(row, "receipt");
  return upload;
}

}  // namespace

void insert_partial_upload(Session& session, const PartialUpload& upload) {
  const auto id = upload.id.text();
  const auto account = upload.account.text();
  const long long created = micros_of(upload.created_at);
  const long long expires = micros_of(upload.expires_at);
  const auto length = bound(upload.length ? std::optional{static_cast<std::int64_t>(*upload.length)} : std::nullopt);
  const auto reserved = static_cast<long long>(upload.reserved);
  const auto set = bound(upload.upload_set);
  const auto receipt = bound(upload.receipt_json);
  session.sql() << "insert into partial_uploads(id, account_id, protocol, created_at, expires_at, length, reserved, metadata, concat, "
                   "upload_set_id, receipt) values (:id, :account, :protocol, :created, :expires, :length, :reserved, :metadata, :concat, "
                   ":set, :receipt)",
      use(id, "id"), use(account, "account"), use(upload.protocol, "protocol"), use(created, "created"), use(expires, "expires"),
      use(length.value, length.indicator, "length"), use(reserved, "reserved"), use(upload.metadata, "metadata"),
      use(upload.concat, "concat"), use(set.value, set.indicator, "set"), use(receipt.value, receipt.indicator, "receipt");
}

std::optional<PartialUpload> find_partial_upload(Session& session, PartialUploadId id) {
  const auto text = id.text();
  return first_from((session.sql().prepare << "select * from partial_uploads where id = :id", use(text, "id")), partial_upload_from);
}

void set_partial_length(Session& session, PartialUploadId id, std::uint64_t length) {
  const auto text = id.text();
  const auto bytes = static_cast<long long>(length);
  session.sql() << "update partial_uploads set length = :length, reserved = :length where id = :id", use(bytes, "length"), use(text, "id");
}

void finish_partial_upload(Session& session, PartialUploadId id, const std::string& receipt_json) {
  const auto text = id.text();
  session.sql() << "update partial_uploads set receipt = :receipt, reserved = 0 where id = :id", use(receipt_json, "receipt"), use(text, "id");
}

void delete_partial_upload(Session& session, PartialUploadId id) {
  const auto text = id.text();
  session.sql() << "delete from partial_uploads where id = :id", use(text, "id");
}

PartialUsage partial_usage(Session& session, AccountId account) {
  const auto text = account.text();
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select count(*) as uploads, coalesce(sum(reserved), 0) as bytes from partial_uploads "
                                "where account_id = :id and receipt is null",
       use(text, "id"));
  for (const auto& row : rows) return {int_of(row, "uploads"), static_cast<std::uint64_t>(int_of(row, "bytes"))};
  return {};
}

std::vector<PartialUploadId> expired_partial_uploads(Session& session, UtcTime now, int limit) {
  const long long at = micros_of(now);
  return all_from((session.sql().prepare << "select id from partial_uploads where expires_at <= :now order by expires_at, id limit " + std::to_string(limit),
                   use(at, "now")),
                  id_from<PartialUploadId>);
}

}  // namespace cairn::store
