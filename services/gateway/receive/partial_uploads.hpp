#pragma once
// What every protocol that sends files in pieces needs: where the pieces lie, limits, expiry, and the way of a whole one.

#include "services/gateway/receive/partial_file.hpp"
#include "services/gateway/receive/receive.hpp"
#include "services/store/partial_uploads.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::gateway {

/// Where the bytes of uploads lie until they are whole.
std::filesystem::path incoming_folder(const GatewayOptions& options);
std::filesystem::path incoming_path(const Context& context, store::PartialUploadId id);

/// What speaks against one more upload of `wanted` bytes: 429 when the account has too much under way.
std::optional<Response> too_much_under_way(Context& context, std::uint64_t wanted);

/// Takes away uploads whose time is over, a few at a time: called by those who begin new ones. Gives how many went.
std::size_t sweep_expired(store::Session& catalogue, const std::filesystem::path& incoming, UtcTime now);
/// Takes away files of no upload, left by a crash: at start.
void sweep_orphans(store::Session& catalogue, const std::filesystem::path& incoming, std::chrono::seconds older_than);

/// Reads the whole file.
ContentNames names_of(const std::filesystem::path& file);

/// A file on its way to receive(); it stays where it is until its owner removes it.
Delivery delivery_of(const std::filesystem::path& file, std::string name, ingest::Overrides overrides, ContentNames names, const Context& context);

/// The set of those who name none: one per account, protocol and session, made when it is new.
store::UploadSet set_of_session(Context& context, std::string_view protocol, std::string_view session, const std::string& title, std::string_view user_agent);

/// {"outcome", "file_id", "name", "upload_set_id", "size", "md5", "picture_id"?, "reason"?, "message"?}: what a sender is told.
nlohmann::json receipt_json(const Receipt& receipt);

}  // namespace cairn::gateway
