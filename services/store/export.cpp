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
  const char* whose;   ///< a condition on :account
};
constexpr std::array kTables{
    Table{"accounts", "id = :account"},
    Table{"tokens", "account_id = :account"},
    Table{"devices", "account_id = :account"},
    Table{"manifests", "device_id in (select id from devices where account_id = :account)"},
    Table{"signed_files", "account_id = :account"},
    Table{"private_areas", "account_id = :account"},
    Table{"upload_sets", "account_id = :account"},
    Table{"files", "account_id = :account"},
    Table{"sequences", "account_id = :account"},
    Table{"frames", "account_id = :account"},
    Table{"sightings", "account_id = :account"},
    Table{"coverage_visits", "sequence_id in (select id from sequences where account_id = :account)"},
    Table{"account_days", "account_id = :account"},
};

bool is_secret(const std::string& column) { return column == "password" || column == "secret_hash"; }

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
    if (!is_secret(name)) object[name] = value_of(row, i);
  }
  return object;
}

std::string numbered(const std::string& table, int number) {
  const auto digits = std::to_string(number);
  return table + "-" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits + ".jsonl";
}

}  // namespace

void export_rows(Session& session, AccountId account, const std::function<void(const std::string& name, const std::string& lines)>& piece) {
  const auto id = account.text();
  for (const auto& table : kTables) {
    std::string lines;
    int number = 0;
    soci::rowset<soci::row> rows =
        (session.sql().prepare << "select * from " + std::string{table.name} + " where " + table.whose, use(id, "account"));
    for (const auto& row : rows) {
      lines += object_of(row).dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
      if (lines.size() < kExportPiece) continue;
      piece(numbered(table.name, ++number), lines);
      lines.clear();
    }
    if (!lines.empty()) piece(numbered(table.name, ++number), lines);
  }
}

void export_originals(Session& session, AccountId account, const std::function<void(const std::string& name, const Sha256& content)>& original) {
  const auto id = account.text();
  soci::rowset<soci::row> rows =
      (session.sql().prepare << "select id, name, content from files where account_id = :account order by received_at, id", use(id, "account"));
  for (const auto& row : rows) {
    auto name = text_of_row(row, "id") + "-" + text_of_row(row, "name");
    std::ranges::replace(name, '/', '_');
    original(name, digest_of(row, "content"));
  }
}

}  // namespace cairn::store
