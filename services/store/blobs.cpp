#include "services/store/blobs.hpp"

#include "core/durable.hpp"
#include "core/id.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace cairn::store {
namespace {

namespace fs = std::filesystem;

const char* folder_name(Namespace space) { return space == Namespace::private_ ? "private" : "public"; }

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  throw std::system_error{errno, std::generic_category(), what + " " + path.string()};
}

class File {
 public:
  File(const fs::path& path, int flags) : path_{path}, handle_{::open(path.c_str(), flags | O_CLOEXEC, 0640)} {
    if (handle_ < 0) fail("can't open", path);
  }
  ~File() { ::close(handle_); }
  File(const File&) = delete;

  void write(ByteView bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(handle_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("can't write", path_);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(handle_) != 0) fail("can't fsync", path_);
  }

 private:
  fs::path path_;
  int handle_;
};

}  // namespace

BlobStore::BlobStore(fs::path folder) : folder_{std::move(folder)} {
  for (const auto space : {Namespace::private_, Namespace::public_}) {
    fs::create_directories(folder_ / folder_name(space) / "incoming");
  }
}

fs::path BlobStore::path_of(Namespace space, const Sha256& name) const {
  const auto hex = name.hex();
  return folder_ / folder_name(space) / hex.substr(0, 2) / hex;
}

bool BlobStore::has(Namespace space, const Sha256& name) const { return fs::exists(path_of(space, name)); }

Sha256 BlobStore::put(Namespace space, ByteView bytes) const {
  const auto name = sha256_of(bytes);
  if (has(space, name)) {
    // Young again, so that a sweep between now and the row's commit leaves it alone.
    const auto path = path_of(space, name);
    fs::last_write_time(path, fs::file_time_type::clock::now());
    sync_folder(path.parent_path());  // another process may have named it a moment ago
    return name;
  }
  Incoming incoming{*this, space};
  incoming.add(bytes);
  incoming.commit(name);
  return name;
}

std::optional<Bytes> BlobStore::get(Namespace space, const Sha256& name) const {
  const auto path = path_of(space, name);
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) {
    if (errno == ENOENT) return std::nullopt;
    fail("can't open", path);
  }
  struct Closer {
    int handle;
    ~Closer() { ::close(handle); }
  } closer{handle};
  struct stat info {};
  if (::fstat(handle, &info) != 0) fail("can't stat", path);
  Bytes bytes(static_cast<std::size_t>(info.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = ::read(handle, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("can't read", path);
    done += static_cast<std::size_t>(got);
  }
  if (sha256_of(bytes) != name) {
    throw std::runtime_error{"the blob " + path.string() + " no longer hashes to its name: the disk has damaged it; restore it from a backup"};
  }
  return bytes;
}

struct BlobStore::Incoming::State {
  State(const BlobStore& s, Namespace n, fs::path p) : store{s}, space{n}, path{std::move(p)}, file{path, O_WRONLY | O_CREAT | O_EXCL} {}
  struct Elsewhere {};
  State(const BlobStore& s, Namespace n, fs::path p, Elsewhere) : store{s}, space{n}, path{std::move(p)}, is_ours{false}, file{path, O_RDONLY}, size{fs::file_size(path)} {}
  ~State() {
    std::error_code ignored;  // swept later
    if (is_ours) fs::remove(path, ignored);
  }
  void give_name(const fs::path& target);
  BlobStore store;
  Namespace space;
  fs::path path;
  bool is_ours = true;   ///< nobody else knows the file: it is moved, or goes away
  File file;
  std::uint64_t size = 0;
};

BlobStore::Incoming::Incoming(const BlobStore& store, Namespace space)
    : state_{std::make_unique<State>(store, space, store.folder_ / folder_name(space) / "incoming" / Uuid::random().text())} {}
BlobStore::Incoming::Incoming(const BlobStore& store, Namespace space, fs::path file)
    : state_{std::make_unique<State>(store, space, std::move(file), State::Elsewhere{})} {}
BlobStore::Incoming::~Incoming() = default;
BlobStore::Incoming::Incoming(Incoming&&) noexcept = default;

void BlobStore::Incoming::add(ByteView bytes) {
  state_->file.write(bytes);
  state_->size += bytes.size();
}

std::uint64_t BlobStore::Incoming::size() const { return state_->size; }
fs::path BlobStore::Incoming::path() const { return state_->path; }

void BlobStore::Incoming::State::give_name(const fs::path& target) {
  if (is_ours) {
    fs::rename(path, target);
    is_ours = false;
    return;
  }
  if (::link(path.c_str(), target.c_str()) == 0 || errno == EEXIST) return fs::last_write_time(target, fs::file_time_type::clock::now());
  const auto copy = store.folder_ / folder_name(space) / "incoming" / Uuid::random().text();
  fs::copy_file(path, copy);
  sync_file(copy);
  fs::rename(copy, target);
}

void BlobStore::Incoming::commit(const Sha256& name) {
  state_->file.sync();
  const auto target = state_->store.path_of(state_->space, name);
  if (!fs::exists(target.parent_path())) {
    fs::create_directories(target.parent_path());
    sync_folder(target.parent_path().parent_path());
  }
  state_->give_name(target);
  sync_folder(target.parent_path());
}

BlobStore::Removal BlobStore::remove(Namespace space, const Sha256& name, std::chrono::seconds grace) const {
  // Out of the way first, and only then looked at: who puts it again meanwhile finds none and writes it anew.
  const auto path = path_of(space, name);
  const auto aside = folder_ / folder_name(space) / "incoming" / Uuid::random().text();
  std::error_code error;
  fs::rename(path, aside, error);
  if (error) return Removal::none;
  if (fs::last_write_time(aside) > fs::file_time_type::clock::now() - grace) {
    fs::rename(aside, path);  // over the same bytes, if they are there again already
    return Removal::young;
  }
  fs::remove(aside);
  return Removal::gone;
}

std::size_t BlobStore::sweep(Namespace space, std::chrono::seconds grace,
                             const std::function<bool(const Sha256&)>& is_wanted) const {
  const auto old = fs::file_time_type::clock::now() - grace;
  std::size_t gone = 0;
  std::error_code trouble;
  for (fs::recursive_directory_iterator at{folder_ / folder_name(space), trouble}, end; !trouble && at != end; at.increment(trouble)) {
    const auto& entry = *at;
    std::error_code error;  // of a file that is gone already: the gateway moves what comes in
    if (!entry.is_regular_file(error) || entry.last_write_time(error) > old || error) continue;
    const auto name = Sha256::from_hex(entry.path().filename().string());
    if (name && is_wanted(*name)) continue;
    if (fs::last_write_time(entry.path(), error) > old || error) continue;  // put() took it up again meanwhile
    if (fs::remove(entry.path(), error)) ++gone;
  }
  return gone;
}

}  // namespace cairn::store
