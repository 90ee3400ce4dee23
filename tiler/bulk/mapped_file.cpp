#include "tiler/bulk/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace cairn::tiler::bulk {

MappedFile::MappedFile(const std::filesystem::path& file, std::size_t padding) {
  const auto fail = [&](const char* verb) -> std::runtime_error {
    return std::runtime_error{file.string() + " can't be " + verb + ": " + std::system_category().message(errno)};
  };
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw fail("opened");
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    throw std::runtime_error{file.string() + " is not a file"};
  }
  size_ = static_cast<std::size_t>(status.st_size);
  mapped_ = size_ + padding;
  // Zeros first, the file over them: what follows the file's last page can be read too.
  void* place = ::mmap(nullptr, mapped_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place != MAP_FAILED && size_ > 0 && ::mmap(place, size_, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
    ::munmap(place, mapped_);
    place = MAP_FAILED;
  }
  ::close(descriptor);
  if (place == MAP_FAILED) throw fail("mapped");
  data_ = static_cast<char*>(place);
  ::madvise(data_, size_, MADV_SEQUENTIAL);
}

MappedFile::~MappedFile() { ::munmap(data_, mapped_); }

}  // namespace cairn::tiler::bulk
