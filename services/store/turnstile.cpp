#include "services/store/turnstile.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace cairn::store {
namespace {

int opened(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) throw std::system_error{errno, std::generic_category(), "can't open the lock file " + path.string()};
  return file;
}

void locked(int file, int operation) {
  while (::flock(file, operation) != 0) {
    if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "can't lock the catalogue"};
  }
}

}  // namespace

Turnstile::Turnstile(const std::filesystem::path& database_file)
    : next_{opened(database_file.string() + ".next")}, writer_{opened(database_file.string() + ".writer")} {}

Turnstile::~Turnstile() {
  ::close(next_);
  ::close(writer_);
}

void Turnstile::enter() {
  locked(next_, LOCK_EX);
  locked(writer_, LOCK_EX);
  locked(next_, LOCK_UN);
}

void Turnstile::leave() { locked(writer_, LOCK_UN); }

}  // namespace cairn::store
