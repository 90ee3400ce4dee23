#include "services/store/file_view.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cairn::store {

FileView::FileView(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw std::system_error{errno, std::generic_category(), "can't open " + path.string()};
  struct stat status {};
  void* mapped = MAP_FAILED;
  if (::fstat(file, &status) == 0 && status.st_size > 0) {
    size_ = static_cast<std::size_t>(status.st_size);
    mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
  }
  const int error = errno;
  ::close(file);
  if (size_ > 0 && mapped == MAP_FAILED) throw std::system_error{error, std::generic_category(), "can't map " + path.string()};
  if (size_ > 0) data_ = static_cast<const std::byte*>(mapped);
}

FileView::~FileView() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace cairn::store
