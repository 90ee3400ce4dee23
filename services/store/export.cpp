#include "services/store/export.hpp"

#include "services/store/rows.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cairn::store {
namespace {

using nlohmann::json;
using soci::use;

struct Table {
  const char* name;
  const char* key;      ///< text that names a row
  const char* whose;    ///< a condition on :of
  bool of_set = false;  ///< :of is an upload set, not the account
};
constexpr std::array kTables{
    Table{"accounts", "id", "id = :of"},
    Table{"tokens", "id", "account_id = :of"},
    Table{"sessions", "id_hash", "account_id = :of"},
    Table{"devices", "id", "account_id = :of"},
    Table{"manifests", "hash", "device_id in (select id from devices where account_id = :of)"},
    Table{"signed_files", "content", "account_id = :of"},
    Table{"private_areas", "id", "account_id = :of"},
    Table{"partial_uploads", "id", "account_id = :of"},
    Table{"account_days", "cast(day as text)", "account_id = :of"},
    Table{"tile_use", "token || ' ' || cast(day as text)", "token in (select id from tokens where account_id = :of)"},
    Table{"reports", "id", "reporter_id = :of"},
    Table{"upload_sets", "id", "account_id = :of"},
    Table{"files", "id", "upload_set_id = :of", true},
    Table{"sequences", "id", "upload_set_id = :of", true},
    Table{"frames", "id", "upload_set_id = :of", true},
    Table{"annotations", "id", "frame_id in (select id from frames where upload_set_id = :of)", true},
    Table{"tags", "subject || ' ' || key || ' ' || value",
          "(subject = :of or subject in (select id from frames where upload_set_id = :of union select id from sequences where upload_set_id = :of union "
          "select annotations.id from annotations join frames on frames.id = annotations.frame_id where frames.upload_set_id = :of))", true},
    Table{"sightings", "id", "sequence_id in (select id from sequences where upload_set_id = :of)", true},
    Table{"coverage_visits", "sequence_id || ' ' || cast(cell as text) || ' ' || cast(octant as text)",
          "sequence_id in (select id from sequences where upload_set_id = :of)", true},
};
constexpr const char* kKey = "key_of_row";
constexpr int kPage = 200;
constexpr int kOriginalsPage = 100;

/// Secrets, and who answered a report: somebody else.
bool is_left_out(const std::string& column) { return column == "password" || column == "secret_hash" || column == "id_hash" || column == "resolver_id" || column == kKey; }

json value_of(const soci::row& row, std::size_t i) {
  const auto name = row.get_properties(i).get_name();
  if (row.get_indicator(i) == soci::i_null) return nullptr;
  switch (row.get_properties(i).get_data_type()) {
    case soci::dt_string: return row.get<std::string>(i);
    case soci::dt_double: return row.get<double>(i);
    default: return int_of(row, name.c_str());
  }
}

json object_of(const soci::row& row) {
  auto object = json::object();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto name = row.get_properties(i).get_name();
    if (!is_left_out(name)) object[name] = value_of(row, i);
  }
  return object;
}

std::string numbered(const std::string& table, int number) {
  const auto digits = std::to_string(number);
  return table + "-" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits + ".jsonl";
}

std::vector<std::string> sets_of(Session& session, const std::string& account) {
  return all_from((session.sql().prepare << "select id from upload_sets where account_id = :account order by id", use(account, "account")),
                  [](const auto& row) { return text_of_row(row, "id"); });
}

}  // namespace

/// False when the table has no more rows.
bool ExportedRows::add_page(Session& session, std::string& lines) {
  const auto& table = kTables[table_];
  if (table.of_set && set_ == sets_->size()) return false;
  const auto of = table.of_set ? (*sets_)[set_] : account_.text();
  const std::string key{table.key};
  int count = 0;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select " + key + " as " + kKey + ", one.* from " + table.name + " as one where " + table.whose + " and " + key +
                                                               " > :after order by 1 limit " + std::to_string(kPage),
                                  use(of, "of"), use(after_, "after"));
  std::string last;
  for (const auto& row : rows) {
    lines += object_of(row).dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    last = text_of_row(row, kKey);
    ++count;
  }
  after_ = last;
  if (count == kPage) return true;
  after_.clear();
  ++set_;
  return table.of_set;
}

std::optional<ExportedRows::Piece> ExportedRows::next(Session& session) {
  if (!sets_) sets_ = sets_of(session, account_.text());
  for (; table_ < kTables.size(); ++table_, set_ = 0, number_ = 0, table_done_ = false) {
    std::string lines;
    while (!table_done_ && lines.size() < kExportPiece) table_done_ = !add_page(session, lines);
    if (!lines.empty()) return Piece{numbered(kTables[table_].name, ++number_), std::move(lines)};
  }
  return std::nullopt;
}

std::vector<Original> originals_after(Session& session, AccountId account, const std::string& content) {
  const auto id = account.text();
  std::vector<Original> originals;
  soci::rowset<soci::row> rows = (session.sql().prepare << "select content, min(id || '-' || name) as name from files where account_id = :account and content > :after "
                                                           "group by content order by content limit " + std::to_string(kOriginalsPage),
                                  use(id, "account"), use(content, "after"));
  for (const auto& row : rows) {
    auto name = text_of_row(row, "name");
    std::ranges::replace_if(name, [](char c) { return c == '/' || c <= ' ' || c > '~'; }, '_');
    originals.push_back({digest_of(row, "content"), std::move(name)});
  }
  return originals;
}

}  // namespace cairn::store
