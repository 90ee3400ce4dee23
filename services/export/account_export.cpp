#include "services/export/account_export.hpp"

#include "rewards/bundle.hpp"
#include "rewards/statement.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cairn::services {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 1 << 20;

std::deque<fs::path> folders_in(const fs::path& folder) {
  std::deque<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) found.push_back(entry->path());
  std::ranges::sort(found);
  return found;
}

}  // namespace

AccountExport::AccountExport(AccountId account, store::BlobStore blobs, fs::path bundles)
    : account_{account}, blobs_{std::move(blobs)}, rows_{account}, bundles_{folders_in(bundles)} {}

std::string AccountExport::next(store::Session& session) {
  std::string bytes;
  while (bytes.empty() && !at_end_) {
    if (!add_some(session)) {
      tar_.finish();
      at_end_ = true;
    }
    bytes = tar_.taken();
  }
  return bytes;
}

/// False when there is nothing more.
bool AccountExport::add_some(store::Session& session) { return add_rows(session) || add_original(session) || add_statement(); }

bool AccountExport::add_rows(store::Session& session) {
  const auto piece = rows_.next(session);
  if (!piece) return false;
  tar_.begin("rows/" + piece->name, piece->lines.size());
  tar_.write(piece->lines);
  return true;
}

bool AccountExport::add_original(store::Session& session) {
  if (left_ > 0) {
    std::string chunk(std::min<std::uint64_t>(left_, kChunk), '\0');
    if (!original_.read(chunk.data(), static_cast<std::streamsize>(chunk.size()))) throw std::runtime_error{"an original of account " + account_.text() + " can't be read to its end"};
    tar_.write(chunk);
    left_ -= chunk.size();
    return true;
  }
  if (originals_.empty()) {
    for (auto& original : store::originals_after(session, account_, after_)) originals_.push_back(std::move(original));
    if (originals_.empty()) return false;
    after_ = originals_.back().content.hex();
  }
  const auto original = std::move(originals_.front());
  originals_.pop_front();
  original_ = std::ifstream{blobs_.path_of(store::Namespace::private_, original.content), std::ios::binary | std::ios::ate};
  if (!original_) return true;  // it was taken away: its row says why
  left_ = static_cast<std::uint64_t>(original_.tellg());
  original_.seekg(0);
  tar_.begin("originals/" + original.name, left_);
  return true;
}

bool AccountExport::add_statement() {
  if (bundles_.empty()) return false;
  const auto bundle = bundles_.front();
  bundles_.pop_front();
  const auto outcome = rewards::result_from_bundle(bundle);
  const auto* result = std::get_if<rewards::EpochResult>(&outcome);
  if (!result) return true;
  const auto statement = rewards::statement_json(*result, rewards::pseudonym_of(account_));
  tar_.begin("statements/" + bundle.filename().string() + ".json", statement.size());
  tar_.write(statement);
  return true;
}

}  // namespace cairn::services
