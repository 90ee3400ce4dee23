#include "services/changes/dropped_blobs.hpp"

#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"

#include <string>
#include <vector>

namespace cairn::changes {
namespace {

using soci::use;
using store::Namespace;

struct Dropped {
  std::string space, name, content;
};

std::vector<Dropped> dropped_before(store::Session& session, UtcTime time, int most) {
  const long long before = micros_of(time);
  return store::all_from(
      (session.sql().prepare << "select space, name, content from dropped_blobs where dropped_at < :before order by dropped_at, name limit " + std::to_string(most),
       use(before, "before")),
      [](const auto& row) { return Dropped{store::text_of_row(row, "space"), store::text_of_row(row, "name"), store::text_of_row(row, "content")}; });
}

bool is_wanted(store::Session& session, const Dropped& blob) {
  int live = 0;
  const auto lives = "content = :c and (reason is null or reason not in " + std::string{store::kTakenAway} + ")";
  session.sql() << "select (select count(*) from frames where " + lives + ") + (select count(*) from files where " + lives + ") + "
                   "(select count(*) from tiles where blob = :name)",
      use(blob.content, "c"), use(blob.name, "name"), soci::into(live);
  return live > 0;
}

}  // namespace

void drop_blob(store::Session& session, Namespace space, const Sha256& name, const Sha256& content, UtcTime now) {
  const std::string where = space == Namespace::public_ ? "public" : "private";
  const auto hex = name.hex();
  const auto source = content.hex();
  const long long at = micros_of(now);
  session.sql() << "insert into dropped_blobs(space, name, content, dropped_at) values (:space, :name, :content, :at) "
                   "on conflict (space, name) do update set dropped_at = excluded.dropped_at",
      use(where, "space"), use(hex, "name"), use(source, "content"), use(at, "at");
}

std::size_t remove_dropped_blobs(store::Session& session, const store::BlobStore& blobs, UtcTime now, std::chrono::seconds grace, int most) {
  std::size_t removed = 0;
  // The file goes inside the transaction that looked whether it is wanted: no row can make it wanted in between.
  for (const auto& blob : dropped_before(session, now - grace, most)) {
    session.write([&](store::Session& writer) {
      const auto name = Sha256::from_hex(blob.name);
      if (name && !is_wanted(writer, blob)) {
        const auto space = blob.space == "public" ? Namespace::public_ : Namespace::private_;
        const auto removal = blobs.remove(space, *name, grace);
        // Sent again: its row may be about to be written, or never will be. The next grace tells.
        if (removal == store::BlobStore::Removal::young) return drop_blob(writer, space, *name, Sha256::from_hex(blob.content).value(), now);
        removed += removal == store::BlobStore::Removal::gone ? 1 : 0;
      }
      writer.sql() << "delete from dropped_blobs where space = :space and name = :name", use(blob.space, "space"), use(blob.name, "name");
    });
  }
  return removed;
}

}  // namespace cairn::changes
