#include "services/gateway/tus/body.hpp"

#include "services/gateway/tus/answers.hpp"

namespace cairn::gateway::tus {
namespace {

/// The file for bytes whose checksum isn't known yet; the lock of the upload's own file guards it, and what a crash left goes.
PartialFile beside(const PartialFile& file) {
  const auto path = file.path().string() + ".unchecked";
  std::filesystem::remove(path);
  auto opened = PartialFile::open(path);
  if (!opened) throw std::runtime_error{"somebody holds " + path};
  return std::move(*opened);
}

}  // namespace

Appending::Appending(PartialFile file, std::uint64_t room, const std::optional<Checksum>& checksum, bool hash) : file_{std::move(file)}, room_{room} {
  if (checksum) unchecked_.emplace(Unchecked{beside(file_), ChecksumStream{checksum->algorithm}, checksum->digest});
  if (hash) hash_.emplace();
}

std::optional<Response> Appending::add(ByteView bytes) {
  if (bytes.size() > room_) return answer_to({413, "These bytes go beyond Upload-Length or Tus-Max-Size"});
  room_ -= bytes.size();
  if (!(unchecked_ ? unchecked_->file : file_).add(bytes)) return answer_to({423, "Another request goes on with this upload"});
  if (unchecked_) unchecked_->stream.add(bytes);
  if (hash_) hash_->add(bytes);
  return std::nullopt;
}

bool Appending::finish() {
  if (!unchecked_) return true;
  const bool right = unchecked_->stream.finish() == unchecked_->expected;
  if (right && !file_.add_file(unchecked_->file.path())) throw std::runtime_error{"somebody has taken " + file_.path().string()};
  unchecked_->file.remove();
  unchecked_.reset();
  return right;
}

ContentNames Appending::take_names() { return hash_ ? hash_->finish() : names_of(file_.path()); }

std::optional<Response> Sink::add(ByteView bytes) {
  if (body) return body->add(bytes);
  return bytes.empty() ? std::nullopt : std::optional{answer_to({413, "This upload takes no more bytes"})};
}

void Sink::abandon(Context&) { body.reset(); }

}  // namespace cairn::gateway::tus
