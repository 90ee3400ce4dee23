#include "services/store/totals.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {

std::vector<RefusalCount> refusal_counts(Session& session) {
  return all_from((session.sql().prepare << "select reason, count(*) as refused from (select reason from frames where reason is not null union all "
                                            "select reason from files where reason is not null) as refusals group by reason order by reason"),
                  [](const auto& row) { return RefusalCount{text_of_row(row, "reason"), static_cast<int>(int_of(row, "refused"))}; });
}

Totals totals(Session& session) {
  Totals totals;
  auto& sql = session.sql();
  const auto count = [&sql](const std::string& query, int& into) { sql << "select count(*) from " + query, soci::into(into); };
  count("files", totals.files);
  count("frames", totals.frames);
  count("frames where published = 1", totals.published);
  count("sequences", totals.sequences);
  count("features", totals.features);
  count("tiles where hash <> ''", totals.tiles);
  count("accounts", totals.accounts);
  return totals;
}

}  // namespace cairn::store
