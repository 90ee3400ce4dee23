// cairn account export: all that is held about a contributor, as one tar archive.

#include "rewards/bundle.hpp"
#include "rewards/keccak.hpp"
#include "rewards/statement.hpp"
#include "services/cli/account_export.hpp"
#include "services/store/accounts.hpp"
#include "services/store/blobs.hpp"
#include "services/store/export.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;

/// A tar archive (pax) that is written as it goes; modes and times are fixed, so that the same content gives the same bytes.
class Tar {
 public:
  explicit Tar(const fs::path& file) : archive_{archive_write_new(), archive_write_free} {
    archive_write_set_format_pax_restricted(archive_.get());
    check(archive_write_open_filename(archive_.get(), file.c_str()));
  }
  void add(const std::string& name, const std::string& text) {
    begin(name, text.size());
    write(text.data(), text.size());
  }
  void add_file(const std::string& name, const fs::path& path) {
    begin(name, fs::file_size(path));
    std::ifstream stream{path, std::ios::binary};
    std::array<char, 1 << 16> chunk{};
    while (stream.read(chunk.data(), chunk.size()) || stream.gcount() > 0) write(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) throw std::runtime_error{"can't read " + path.string()};
  }
  void close() { check(archive_write_close(archive_.get())); }

 private:
  void begin(const std::string& name, std::uintmax_t size) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry{archive_entry_new(), archive_entry_free};
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<std::int64_t>(size));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(), 0, 0);
    check(archive_write_header(archive_.get(), entry.get()));
  }
  void write(const char* data, std::size_t size) {
    if (archive_write_data(archive_.get(), data, size) < 0) check(ARCHIVE_FATAL);
  }
  void check(int result) const {
    if (result != ARCHIVE_OK) throw std::runtime_error{std::string{"can't write the archive: "} + archive_error_string(archive_.get())};
  }
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

void add_statements(Tar& tar, AccountId account, const fs::path& bundles) {
  std::error_code error;
  for (fs::directory_iterator entry{bundles, error}, end; !error && entry != end; entry.increment(error)) {
    auto outcome = rewards::result_from_bundle(entry->path());
    const auto* result = std::get_if<rewards::EpochResult>(&outcome);
    if (result) tar.add("statements/" + entry->path().filename().string() + ".json", rewards::statement_json(*result, rewards::pseudonym_of(account)));
  }
}

}  // namespace

void export_account(store::Session& session, AccountId account, const store::BlobStore& blobs, const fs::path& bundles, const fs::path& file) {
  const auto part = file.string() + ".part";
  Tar tar{part};
  // One snapshot: what changes meanwhile is in it whole or not at all.
  session.read([&](store::Session& reader) {
    store::export_rows(reader, account, [&](const std::string& name, const std::string& lines) { tar.add("rows/" + name, lines); });
    store::export_originals(reader, account, [&](const std::string& name, const Sha256& content) {
      const auto path = blobs.path_of(store::Namespace::private_, content);
      if (fs::exists(path)) tar.add_file("originals/" + name, path);
    });
  });
  add_statements(tar, account, bundles);
  tar.close();
  fs::rename(part, file);
}

}  // namespace cairn::cli
