#pragma once
// The bodies of Mapillary's upload protocol as values. Pure.

#include "services/gateway/http/http.hpp"
#include "services/store/partial_uploads.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::gateway::mapillary {

inline constexpr std::size_t kMostPictures = 20'000;  ///< of one manifest or archive: a long day at two a second

/// What is wrong with a body, for its sender.
struct Problem {
  std::string message;
};

enum class FileType { manifest, archive, video };
/// Body of finish_upload: {"file_handle", "file_type"}.
struct Finish {
  store::PartialUploadId file;
  FileType type = FileType::manifest;
};
std::variant<Finish, Problem> finish_from(std::string_view json);

/// A manifest: {"image_handles": […], "upload_type": "images", "version": "1"}, each picture once.
std::variant<std::vector<store::PartialUploadId>, Problem> manifest_from(std::string_view json);

/// Body of login: {"email", "password"}.
struct Login {
  std::string email, password;
};
std::optional<Login> login_from(std::string_view json);

/// Whether a key can become a file's name: 1 to 200 bytes of letters, digits, '.', '_' and '-', not beginning with '.'.
bool is_key(std::string_view key);

/// An upload's id follows from who sends it under which key; it is the handle, too.
store::PartialUploadId id_of(AccountId account, std::string_view key);

/// Whether a receipt, of a file or of a whole upload, says that something is kept: sending the same again would change nothing.
bool is_taken(const nlohmann::json& receipt);

/// An error as Mapillary's servers write it: in `error` for the graph, in `debug_info` for uploads; clients look at either.
Response error(int status, std::string_view type, std::string_view message, bool is_retriable = false);

}  // namespace cairn::gateway::mapillary
