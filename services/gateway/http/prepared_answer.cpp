#include "services/gateway/http/prepared_answer.hpp"

#include "services/gateway/http/answer_head.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/http/site.hpp"

namespace cairn::gateway {
namespace {
constexpr std::size_t kNodeBytes = 160;  // of list, map and shared pointer for each answer, as glibc and libstdc++ have them

std::shared_ptr<PreparedAnswer> made(Response response, const Sendable& body, std::shared_ptr<const void> owner, std::size_t owned) {
  add_common_headers(Request{}, response);
  auto answer = std::make_shared<PreparedAnswer>();
  answer->status = response.status;
  answer->head = head_of(response, size_of(body));
  const auto& first = response.headers.front().first;  // nosniff at least is there
  answer->common_at = answer->head.find("\r\n" + first + ": ") + 2;
  if (const auto etag = value_of(response.headers, "ETag")) {
    answer->etag_at = answer->head.find("\r\nETag: ") + 8;
    answer->etag_length = etag->size();
  }
  answer->head.shrink_to_fit();
  answer->body = body;
  answer->owner = std::move(owner);
  answer->cost = sizeof(PreparedAnswer) + answer->head.capacity() + kNodeBytes + owned;
  return answer;
}

}  // namespace

SharedAnswer prepared_answer(Response response, const Sendable& body, std::shared_ptr<const void> owner, std::size_t owned) {
  return made(std::move(response), body, std::move(owner), owned);
}

SharedAnswer prepared_answer(Response response, std::filesystem::path file, std::uint64_t size) {
  auto answer = made(std::move(response), FileRange{-1, 0, size}, nullptr, file.native().capacity());
  answer->file = std::move(file);
  return answer;
}

SharedAnswer prepared_answer(Response response) {
  SharedBytes bytes;
  if (auto* shared = std::get_if<SharedBytes>(&response.body)) bytes = *shared;
  if (const auto* text = std::get_if<std::string>(&response.body); text && !text->empty()) {
    const auto view = bytes_of(*text);
    bytes = std::make_shared<const Bytes>(view.begin(), view.end());
  }
  const auto body = bytes ? ByteView{*bytes} : ByteView{};
  return prepared_answer(std::move(response), body, bytes, body.size());
}

bool is_known(std::string_view if_none_match, const PreparedAnswer& answer) {
  return answer.etag_length > 0 && !if_none_match.empty() && names_etag(if_none_match, answer.etag());
}

AnswerCache::Key AnswerCache::key_of(std::uint64_t set, TileId tile, int form) {
  const auto zoom = static_cast<std::uint64_t>(tile.zoom());
  return {set, zoom << 58 | std::uint64_t{tile.x()} << 30 | std::uint64_t{tile.y()} << 2 | static_cast<std::uint64_t>(form)};
}

/// The mixing step of SplitMix64 (Steele, Lea, Flood 2014).
std::size_t AnswerCache::Hash::operator()(const Key& key) const {
  auto bits = key.tile + key.set * 0x9e3779b97f4a7c15ULL;
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebULL;
  return bits ^ bits >> 31;
}

SharedAnswer AnswerCache::find(const Key& key) {
  auto& shard = shard_of(key);
  const std::lock_guard lock{shard.mutex};
  const auto found = shard.places.find(key);
  if (found == shard.places.end()) return nullptr;
  shard.turns.splice(shard.turns.begin(), shard.turns, found->second);
  return found->second->second;
}

void AnswerCache::keep(const Key& key, SharedAnswer answer) {
  auto& shard = shard_of(key);
  if (answer->cost > most_bytes_) return;
  const std::lock_guard lock{shard.mutex};
  if (const auto known = shard.places.find(key); known != shard.places.end()) drop(shard, known->second);
  shard.bytes += answer->cost;
  shard.turns.emplace_front(key, std::move(answer));
  shard.places[key] = shard.turns.begin();
  while (shard.bytes > most_bytes_) drop(shard, std::prev(shard.turns.end()));
}

void AnswerCache::forget(const Key& key) {
  auto& shard = shard_of(key);
  const std::lock_guard lock{shard.mutex};
  if (const auto known = shard.places.find(key); known != shard.places.end()) drop(shard, known->second);
}

void AnswerCache::clear() {
  for (auto& shard : shards_) {
    const std::lock_guard lock{shard.mutex};
    shard.places.clear();
    shard.turns.clear();
    shard.bytes = 0;
  }
}

std::size_t AnswerCache::bytes() const {
  std::size_t bytes = 0;
  for (const auto& shard : shards_) {
    const std::lock_guard lock{shard.mutex};
    bytes += shard.bytes;
  }
  return bytes;
}

void AnswerCache::drop(Shard& shard, Turns::iterator which) {
  shard.bytes -= which->second->cost;
  shard.places.erase(which->first);
  shard.turns.erase(which);
}

}  // namespace cairn::gateway
