#pragma once
// Who may see and change what. What a caller may not see is answered like what isn't there.

#include "services/gateway/context.hpp"
#include "services/store/accounts.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace cairn::gateway {

bool owns(const Context& context, AccountId account);
/// By visibility alone: "anyone", "logged-only" or "owner-only" of what that account has.
bool may_see(const Context& context, std::string_view shown_to, AccountId account);

/// Whose hidden things a search may show.
std::optional<AccountId> viewer_of(const Context& context);

/// The account that the path's {user} names, "me" being the caller's; none that was erased.
std::optional<store::Account> requested_account(const Request& request, Context& context);
/// The upload set of that id; of the path's {id}.
std::optional<store::UploadSet> visible_upload_set(Context& context, UploadSetId id);
std::optional<store::UploadSet> requested_set(const Request& request, Context& context);
/// The sequence that the path's {collection} names.
std::optional<store::SequenceRow> requested_sequence(const Request& request, Context& context);
/// The frame that the path's {picture} names, in the path's {collection} where there is one; refused ones only for their owner.
std::optional<store::FrameRow> requested_frame(const Request& request, Context& context);
/// The sequence of a frame, also of one that was just sent to the one sequence of its set.
std::optional<SequenceId> sequence_of(Context& context, const store::FrameRow& frame);
/// Whether its picture can be fetched by this caller.
bool has_picture_for(const Context& context, const store::FrameRow& frame);
/// Whether it can be fetched in tiles: 360 pictures, so that a viewer loads only what it shows.
bool is_tiled(const Context& context, const store::FrameRow& frame);

Response no_such_user();
Response no_such_upload_set();
Response no_such_collection();
Response no_such_picture();
/// Nothing when the caller has that account; else 401 or 403.
std::optional<Response> refused_to_change(const Context& context, AccountId account, std::string_view what);

/// The body as a JSON object; or 415 where it isn't called JSON, 400 where it is none.
std::variant<nlohmann::json, Response> object_from(const Request& request, std::string_view what);
/// 400 with {"fields", "error", "input"} of everything that is wrong.
Response invalid(std::string_view message, const nlohmann::json& problems);
nlohmann::json problem(std::string_view field, std::string_view error, const nlohmann::json& input);

}  // namespace cairn::gateway
