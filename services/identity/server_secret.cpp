#include "services/identity/server_secret.hpp"

#include "services/identity/text_forms.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace cairn::identity {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShortest = 32;
constexpr std::size_t kLongest = 4096;

[[noreturn]] void failed(const fs::path& file, const char* what) {
  throw std::system_error{errno, std::generic_category(), std::string{what} + " " + file.string()};
}

struct Descriptor {
  int number;
  ~Descriptor() { ::close(number); }
};

std::optional<ServerSecret> read_secret(const fs::path& file) {
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0 && errno == ENOENT) return std::nullopt;
  if (opened < 0) failed(file, "can't read the secret in");
  const Descriptor descriptor{opened};
  struct stat status {};
  if (::fstat(opened, &status) != 0) failed(file, "can't look at");
  if ((status.st_mode & S_IRWXO) != 0) throw std::runtime_error{file.string() + " is open to everyone: chmod 600 it, or remove it to get a new secret"};
  std::array<char, kLongest> buffer{};
  const auto length = ::read(opened, buffer.data(), buffer.size());
  if (length < 0) failed(file, "can't read the secret in");
  std::string_view text{buffer.data(), static_cast<std::size_t>(length)};
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() < kShortest) throw std::runtime_error{file.string() + " holds fewer than 32 bytes: remove it to get a new secret"};
  return ServerSecret{std::string{text}};
}

/// Writes a new secret beside the file and gives it its name unless another process was first.
void make_secret(const fs::path& file) {
  Bytes random(32);
  if (RAND_bytes(octets_of(random), static_cast<int>(random.size())) != 1) throw std::runtime_error{"the system has no randomness for a secret"};
  const auto text = base64url_of(random);
  auto part = file.string() + ".XXXXXX";
  const int made = ::mkstemp(part.data());  // mode 0600
  if (made < 0) failed(part, "can't make");
  const Descriptor descriptor{made};
  const bool whole = ::write(made, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(made) == 0;
  const bool named = whole && (::link(part.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(part.c_str());
  errno = error;
  if (!named) failed(file, "can't make the secret");
}

}  // namespace

ServerSecret server_secret(const fs::path& file) {
  if (auto known = read_secret(file)) return *known;
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  make_secret(file);
  return read_secret(file).value();
}

}  // namespace cairn::identity
