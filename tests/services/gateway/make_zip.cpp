#include "tests/services/gateway/make_zip.hpp"

#include <archive.h>
#include <archive_entry.h>

namespace cairn::testing {
namespace {

void add(::archive* writer, const std::string& name, const std::string& content) {
  const bool is_link = name.starts_with("link:");
  ::archive_entry* const entry = ::archive_entry_new();
  ::archive_entry_set_pathname(entry, (is_link ? name.substr(5) : name).c_str());
  ::archive_entry_set_filetype(entry, is_link ? AE_IFLNK : AE_IFREG);
  ::archive_entry_set_perm(entry, 0644);
  if (is_link) ::archive_entry_set_symlink(entry, content.c_str());
  else ::archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
  ::archive_write_header(writer, entry);
  if (!is_link) ::archive_write_data(writer, content.data(), content.size());
  ::archive_entry_free(entry);
}

la_ssize_t append(::archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

std::string make_zip(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string zip;
  ::archive* const writer = ::archive_write_new();
  ::archive_write_set_format_zip(writer);
  ::archive_write_set_bytes_in_last_block(writer, 1);
  ::archive_write_open(writer, &zip, nullptr, append, nullptr);
  for (const auto& [name, content] : files) add(writer, name, content);
  ::archive_write_close(writer);
  ::archive_write_free(writer);
  return zip;
}

}  // namespace cairn::testing
