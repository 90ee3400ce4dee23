#include "services/store/devices.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {
namespace {

using soci::use;

Device device_from(const soci::row& row) {
  return {text_of_row(row, "id"),           id_of<AccountId>(row, "account_id"), text_of_row(row, "name"),
          time_of(row, "registered_at"),    maybe_time(row, "revoked_at"),       text_of_row(row, "nonce"),
          time_of(row, "nonce_expires_at"), int_of(row, "counter"),              text_of_row(row, "newest"),
          text_of_row(row, "receiver_key")};
}

}  // namespace

bool insert_device(Session& session, const Device& device) {
  if (find_device(session, device.id)) return false;
  const auto account = device.account.text();
  const long long at = micros_of(device.registered_at);
  session.sql() << "insert into devices(id, account_id, name, registered_at, nonce, nonce_expires_at, counter, newest, receiver_key) "
                   "values (:id, :account, :name, :at, '', 0, 0, '', :receiver)",
      use(device.id, "id"), use(account, "account"), use(device.name, "name"), use(at, "at"), use(device.receiver_key, "receiver");
  return true;
}

std::optional<Device> find_device(Session& session, const std::string& id) {
  return first_from((session.sql().prepare << "select * from devices where id = :id", use(id, "id")), device_from);
}

std::vector<Device> devices_of(Session& session, AccountId account) {
  const auto id = account.text();
  return all_from((session.sql().prepare << "select * from devices where account_id = :id order by registered_at, id", use(id, "id")), device_from);
}

std::vector<Device> devices_with_receiver(Session& session, AccountId account) {
  const auto id = account.text();
  return all_from((session.sql().prepare << "select * from devices where account_id = :id and revoked_at is null and receiver_key <> '' "
                                            "order by registered_at desc, id limit 8",
                   use(id, "id")),
                  device_from);
}

void revoke_device(Session& session, const std::string& id, UtcTime now) {
  const long long at = micros_of(now);
  session.sql() << "update devices set revoked_at = :at, nonce = '' where id = :id and revoked_at is null", use(at, "at"), use(id, "id");
}

void set_nonce(Session& session, const std::string& id, const std::string& nonce, UtcTime expires_at) {
  const long long until = micros_of(expires_at);
  session.sql() << "update devices set nonce = :nonce, nonce_expires_at = :until where id = :id", use(nonce, "nonce"), use(until, "until"), use(id, "id");
}

void insert_manifest(Session& session, const Device& device, std::int64_t counter, const std::string& hash, const std::string& text,
                     const std::vector<SignedFile>& files, UtcTime now) {
  auto& sql = session.sql();
  const long long number = counter;
  const long long at = micros_of(now);
  sql << "insert into manifests(hash, device_id, counter, manifest, received_at) values (:hash, :device, :counter, :text, :at)", use(hash, "hash"),
      use(device.id, "device"), use(number, "counter"), use(text, "text"), use(at, "at");
  sql << "update devices set counter = :counter, newest = :hash where id = :id", use(number, "counter"), use(hash, "hash"), use(device.id, "id");
  const auto account = device.account.text();
  for (const auto& file : files) {
    const auto content = file.content.hex();
    const long long size = file.size;
    sql << "insert into signed_files(account_id, content, manifest_hash, name, size) values (:account, :content, :hash, :name, :size) "
           "on conflict (account_id, content) do nothing",
        use(account, "account"), use(content, "content"), use(hash, "hash"), use(file.name, "name"), use(size, "size");
  }
}

int signed_frames_of(Session& session, SequenceId sequence) {
  const auto id = sequence.text();
  int frames = 0;
  session.sql() << "select count(*) from frames join files on files.id = frames.file_id join signed_files s on s.account_id = files.account_id "
                   "and s.content = files.content where frames.sequence_id = :id",
      use(id, "id"), soci::into(frames);
  return frames;
}

std::vector<SequenceId> sequences_of_manifest(Session& session, const std::string& hash) {
  return all_from((session.sql().prepare << "select distinct frames.sequence_id as id from signed_files s join files on files.account_id = s.account_id and "
                                            "files.content = s.content join frames on frames.file_id = files.id "
                                            "where s.manifest_hash = :hash and frames.sequence_id is not null order by id",
                   use(hash, "hash")),
                  id_from<SequenceId>);
}

}  // namespace cairn::store
