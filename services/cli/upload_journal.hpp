#pragma once

#include "services/cli/upload.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace cairn::cli {

/// What an upload that broke off has to remember: its set, and the address of each file that was under way. A small text file per
/// server and list of files, below $XDG_STATE_HOME/cairn/uploads; how far each file is, the server says. Safe for several threads.
class UploadJournal {
 public:
  UploadJournal(const UploadOptions& options, const std::vector<FileToSend>& files);

  const std::optional<std::string>& set() const { return set_; }
  /// Begins anew with another set.
  void begin(const std::string& set);
  /// Where a file was under way; nothing when it is another file by now (its size or time changed).
  std::optional<std::string> address_of(const std::filesystem::path& file) const;
  void note(const std::filesystem::path& file, const std::string& address);
  /// All is done: nothing to remember.
  void forget();

 private:
  std::filesystem::path path_;
  mutable std::mutex mutex_;
  std::optional<std::string> set_;
  std::map<std::string, std::string> addresses_;   ///< by fingerprint
};

/// Path, size and time of a file: what says whether it is the same as before.
std::string fingerprint_of(const std::filesystem::path& file);
/// A folder for what the command line remembers.
std::filesystem::path state_folder();

}  // namespace cairn::cli
