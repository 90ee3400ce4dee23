#pragma once

#include "services/cli/upload_journal.hpp"
#include "services/cli/upload_patience.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace cairn::cli {

/// Sends files of one upload set over tus, one after another, on a connection of its own. An upload that breaks off goes on from
/// what the server has.
class FileSender {
 public:
  /// `more` hears how many bytes more (or, before a retry, fewer) are on their way.
  FileSender(const UploadOptions& options, UploadJournal& journal, Pace& pace, std::function<void(std::int64_t)> more);

  /// The server's receipt (docs/uploads.md), or {"outcome": "not_taken", "message"} where it wants none of the file. Throws when the
  /// server stays away or the file can't be read.
  nlohmann::json send(const FileToSend& file);

 private:
  struct Course;
  HttpAnswer next_request(const FileToSend& file, Course& course);
  HttpAnswer begin(const FileToSend& file, Course& course);
  HttpAnswer ask(Course& course);
  HttpAnswer send_from(const FileToSend& file, Course& course, const std::string& method, const std::string& path, Headers headers);
  std::string metadata_of(const FileToSend& file) const;
  void tell(std::uint64_t sent);

  UploadJournal& journal_;
  Pace& pace_;
  std::function<void(std::int64_t)> more_;
  HttpClient client_;
  std::uint64_t told_ = 0;
};

}  // namespace cairn::cli
