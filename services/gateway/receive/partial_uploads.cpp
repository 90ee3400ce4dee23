#include "services/gateway/receive/partial_uploads.hpp"

#include "services/store/file_view.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {
namespace {

namespace fs = std::filesystem;

constexpr int kSweptAtOnce = 20;               // so that the one who begins an upload doesn't wait for others' leftovers

std::string_view word_of(Receipt::Outcome outcome) {
  using enum Receipt::Outcome;
  switch (outcome) {
    case accepted: return "accepted";
    case refused: return "refused";
    case sent_before: return "sent_before";
    case already_here: return "already_here";
    case id_taken: return "id_taken";
    case name_taken: return "name_taken";
  }
  return "accepted";
}

std::string message_to_sender(const Receipt& receipt) {
  using enum Receipt::Outcome;
  if (receipt.outcome == already_here) return "This file is already in this upload set";
  if (receipt.outcome == name_taken) return "Another file of this name is already in this upload set: rename it and send it again";
  return receipt.file.refusal ? message_of(*receipt.file.refusal) : std::string{};
}

}  // namespace

fs::path incoming_folder(const GatewayOptions& options) { return options.data / "incoming"; }
fs::path incoming_path(const Context& context, store::PartialUploadId id) { return incoming_folder(context.options) / id.text(); }

std::optional<Response> too_much_under_way(Context& context, std::uint64_t wanted) {
  const auto& limits = context.options.limits.partial;
  const auto usage = store::partial_usage(context.catalogue, context.caller->account);
  if (usage.uploads < limits.uploads && usage.reserved_bytes + wanted <= limits.reserved_bytes) return std::nullopt;
  return retry_response(429, "Too many of your uploads are unfinished: finish or delete some, or wait until they expire", std::chrono::minutes{10});
}

std::size_t sweep_expired(store::Session& catalogue, const fs::path& incoming, UtcTime now) {
  std::size_t swept = 0;
  for (const auto id : store::expired_partial_uploads(catalogue, now, kSweptAtOnce)) {
    auto file = PartialFile::open(incoming / id.text());
    if (!file) continue;
    file->remove();
    catalogue.write([&](store::Session& session) { store::delete_partial_upload(session, id); });
    ++swept;
  }
  return swept;
}

void sweep_orphans(store::Session& catalogue, const fs::path& incoming, std::chrono::seconds older_than) {
  const auto old = fs::file_time_type::clock::now() - older_than;
  for (const auto& entry : fs::directory_iterator{incoming}) {
    if (!entry.is_regular_file() || entry.last_write_time() > old) continue;
    const auto id = store::PartialUploadId::parse(entry.path().stem().string());
    std::error_code ignored;
    if (!id || !store::find_partial_upload(catalogue, *id)) fs::remove(entry.path(), ignored);
  }
}

ContentNames names_of(const fs::path& file) {
  ContentHash hash;
  hash.add(store::FileView{file}.bytes());
  return hash.finish();
}

Delivery delivery_of(const fs::path& file, std::string name, ingest::Overrides overrides, ContentNames names, const Context& context) {
  return {std::move(name), store::BlobStore::Incoming{context.blobs, store::Namespace::private_, file}, std::move(names), std::move(overrides)};
}

store::UploadSet set_of_session(Context& context, std::string_view protocol, std::string_view session, const std::string& title, std::string_view user_agent) {
  const auto account = context.caller->account;
  const auto id = UploadSetId::derived_from({"session", protocol, account.text(), session});
  auto known = store::find_upload_set(context.catalogue, id);
  if (known) return *known;
  store::UploadSet set;
  set.id = id;
  set.account = account;
  set.title = title;
  set.created_at = context.now;
  set.user_agent = as_utf8(user_agent.substr(0, 200));
  set.rules_json = R"({"sort_method":"time-asc"})";
  context.writer.write([&](store::Session& writer) {
    known = store::find_upload_set(writer, id);
    if (!known) store::insert_upload_set(writer, set);
  });
  return known.value_or(set);
}

nlohmann::json receipt_json(const Receipt& receipt) {
  const bool is_elsewhere = receipt.outcome == Receipt::Outcome::already_here && receipt.other;
  const auto& file = is_elsewhere ? *receipt.other : receipt.file;
  nlohmann::json body{{"outcome", word_of(receipt.outcome)}, {"file_id", file.id.text()}, {"name", file.name},
                      {"upload_set_id", file.upload_set.text()}, {"size", file.size}, {"md5", file.md5}};
  if (file.frame && !file.refusal) body["picture_id"] = file.frame->text();
  if (file.refusal) body["reason"] = code_of(file.refusal->reason);
  if (const auto message = message_to_sender(receipt); !message.empty()) body["message"] = message;
  return body;
}

}  // namespace cairn::gateway
