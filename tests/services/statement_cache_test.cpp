// What SOCI says with kept statements must be what it says with new ones.

#include "services/store/database.hpp"

#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

using namespace cairn;
using soci::into;
using soci::use;

namespace {

struct Opened {
  testing::ScratchFolder scratch;
  store::Session session{store::DatabaseUrl{"sqlite://" + (scratch.path() / "catalogue.db").string()}};
  soci::session& sql = session.sql();
  Opened() {
    sql << "create table stones (id integer primary key, name text)";
    for (int id = 1; id <= 3; ++id) sql << "insert into stones(id, name) values (:id, :name)", use(id, "id"), use("stone " + std::to_string(id), "name");
  }
  std::vector<int> ids_from(int least) {
    std::vector<int> ids;
    soci::rowset<soci::row> rows = (sql.prepare << "select id from stones where id >= :least order by id", use(least, "least"));
    for (const auto& row : rows) ids.push_back(row.get<int>("id"));
    return ids;
  }
};

}  // namespace

TEST_CASE("a query asked again answers with what is bound now, not before") {
  Opened opened;
  CHECK(opened.ids_from(2) == std::vector{2, 3});
  CHECK(opened.ids_from(3) == std::vector{3});
  CHECK(opened.ids_from(4).empty());
  CHECK(opened.ids_from(1) == std::vector{1, 2, 3});
}

TEST_CASE("a value that was null before is one again only when it is bound as null") {
  Opened opened;
  const std::string name = "cairn";
  for (const auto indicator : {soci::i_ok, soci::i_null, soci::i_ok}) {
    auto given = indicator;
    opened.sql << "update stones set name = :name where id = 1", use(name, given, "name");
    std::string read;
    soci::indicator found = soci::i_ok;
    opened.sql << "select name from stones where id = 1", into(read, found);
    CHECK(found == indicator);
    if (indicator == soci::i_ok) CHECK(read == name);
  }
}

TEST_CASE("an answer that isn't read to its end leaves no read behind") {
  Opened opened;
  for (int round = 0; round < 3; ++round) {
    soci::rowset<soci::row> rows = (opened.sql.prepare << "select id from stones order by id");
    CHECK(rows.begin()->get<int>("id") == 1);
  }
  opened.session.write([](store::Session& session) { session.sql() << "drop table stones"; });  // refused while a statement reads
}

TEST_CASE("the same query may be under way twice") {
  Opened opened;
  soci::rowset<soci::row> outer = (opened.sql.prepare << "select id from stones order by id");
  int pairs = 0;
  for (const auto& row : outer) {
    (void)row;
    soci::rowset<soci::row> inner = (opened.sql.prepare << "select id from stones order by id");
    pairs += static_cast<int>(std::distance(inner.begin(), inner.end()));
  }
  CHECK(pairs == 9);
}

TEST_CASE("a statement that failed works again") {
  Opened opened;
  const auto insert = [&](int id) { opened.sql << "insert into stones(id, name) values (:id, 'x')", use(id, "id"); };
  CHECK_THROWS(insert(1));
  insert(4);
  CHECK(opened.ids_from(1) == std::vector{1, 2, 3, 4});
  CHECK_THROWS(opened.sql << "select nonsense from stones");
  CHECK_THROWS(opened.sql << "select nonsense from stones");
}

TEST_CASE("a column that was added since is read") {
  Opened opened;
  const auto columns = [&] {
    soci::rowset<soci::row> rows = (opened.sql.prepare << "select * from stones where id = 1");
    return rows.begin()->size();
  };
  CHECK(columns() == 2);
  opened.sql << "alter table stones add column weight_g integer";
  columns();  // the kept statement learns of it when it runs
  CHECK(columns() == 3);
}

TEST_CASE("affected rows are those of the last run") {
  Opened opened;
  for (const int least : {1, 3, 9}) {
    soci::statement update = (opened.sql.prepare << "update stones set name = 'x' where id >= :least", use(least, "least"));
    update.execute(true);
    CHECK(update.get_affected_rows() == (least == 1 ? 3 : least == 3 ? 1 : 0));
  }
}

TEST_CASE("more texts than are kept work as well") {
  Opened opened;
  for (int round = 0; round < 2; ++round) {
    for (int number = 0; number < 300; ++number) {
      int read = -1;
      opened.sql << "select " + std::to_string(number), into(read);
      REQUIRE(read == number);
    }
  }
}
