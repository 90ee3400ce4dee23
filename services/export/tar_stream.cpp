#include "services/export/tar_stream.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <stdexcept>
#include <utility>

namespace cairn::services {
namespace {

la_ssize_t append(archive*, void* bytes, const void* data, std::size_t size) {
  static_cast<std::string*>(bytes)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

TarStream::TarStream() : bytes_{std::make_unique<std::string>()}, archive_{archive_write_new(), archive_write_free} {
  archive_write_set_format_pax_restricted(archive_.get());
  archive_write_set_bytes_per_block(archive_.get(), 0);  // as it comes
  check(archive_write_open(archive_.get(), bytes_.get(), nullptr, append, nullptr));
}

void TarStream::begin(const std::string& name, std::uint64_t size) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry{archive_entry_new(), archive_entry_free};
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<std::int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), 0, 0);
  check(archive_write_header(archive_.get(), entry.get()));
}

void TarStream::write(std::string_view bytes) {
  if (archive_write_data(archive_.get(), bytes.data(), bytes.size()) < 0) check(ARCHIVE_FATAL);
}

void TarStream::finish() { check(archive_write_close(archive_.get())); }

std::string TarStream::taken() { return std::exchange(*bytes_, {}); }

void TarStream::check(int result) const {
  if (result != ARCHIVE_OK) throw std::runtime_error{std::string{"can't write the archive: "} + archive_error_string(archive_.get())};
}

}  // namespace cairn::services
