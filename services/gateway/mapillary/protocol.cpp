#include "services/gateway/mapillary/protocol.hpp"

#include "services/gateway/links.hpp"

#include <algorithm>

namespace cairn::gateway::mapillary {
namespace {

using nlohmann::json;

/// A text field of an object; nothing when it is missing or no text.
std::optional<std::string> text_in(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return std::nullopt;
  return object[name].get<std::string>();
}

std::optional<FileType> type_from(const std::string& name) {
  if (name == "mly_bundle_manifest") return FileType::manifest;
  if (name == "zip") return FileType::archive;
  if (name == "mly_camm_video" || name == "mly_blackvue_video") return FileType::video;
  return std::nullopt;
}

}  // namespace

std::variant<Finish, Problem> finish_from(std::string_view text) {
  const auto body = json_from_client(text);
  const auto handle = body ? text_in(*body, "file_handle") : std::nullopt;
  const auto type_name = body ? text_in(*body, "file_type") : std::nullopt;
  const auto file = handle ? store::PartialUploadId::parse(*handle) : std::nullopt;
  const auto type = type_name ? type_from(*type_name) : std::nullopt;
  if (!file) return Problem{"file_handle must be a handle that an upload was answered with"};
  if (!type) return Problem{"file_type must be one of mly_bundle_manifest, zip, mly_camm_video, mly_blackvue_video"};
  return Finish{*file, *type};
}

std::variant<std::vector<store::PartialUploadId>, Problem> manifest_from(std::string_view text) {
  const auto body = json_from_client(text);
  const bool has_list = body && body->is_object() && body->contains("image_handles") && (*body)["image_handles"].is_array();
  if (!has_list) return Problem{"The manifest must be JSON with a list image_handles"};
  const auto& handles = (*body)["image_handles"];
  if (handles.empty() || handles.size() > kMostPictures) return Problem{"A manifest must name 1 to " + std::to_string(kMostPictures) + " pictures"};
  std::vector<store::PartialUploadId> ids;
  for (const auto& handle : handles) {
    const auto id = handle.is_string() ? store::PartialUploadId::parse(handle.get_ref<const std::string&>()) : std::nullopt;
    if (!id) return Problem{"The manifest names a handle that no upload was answered with"};
    ids.push_back(*id);
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::optional<Login> login_from(std::string_view text) {
  const auto body = json_from_client(text);
  const auto email = body ? text_in(*body, "email") : std::nullopt;
  const auto password = body ? text_in(*body, "password") : std::nullopt;
  return email && password ? std::optional{Login{*email, *password}} : std::nullopt;
}

bool is_key(std::string_view key) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
  return !key.empty() && key.size() <= 200 && key.front() != '.' && std::ranges::all_of(key, fits);
}

store::PartialUploadId id_of(AccountId account, std::string_view key) {
  return store::PartialUploadId::derived_from({"mapillary", account.text(), key});
}

bool is_taken(const json& receipt) {
  const auto outcome = receipt.value("outcome", "");
  return outcome == "accepted" || outcome == "already_here" || outcome == "sent_before" || receipt.value("taken", 0) > 0;
}

Response error(int status, std::string_view type, std::string_view message, bool is_retriable) {
  return json_response(status, {{"error", {{"message", message}, {"type", type}}},
                                {"debug_info", {{"retriable", is_retriable}, {"type", type}, {"message", message}}}});
}

}  // namespace cairn::gateway::mapillary
