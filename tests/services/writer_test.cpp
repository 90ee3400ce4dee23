#include "services/store/accounts.hpp"
#include "services/store/writer.hpp"
#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <latch>
#include <stdexcept>
#include <thread>

using namespace cairn;
using namespace cairn::testing;

namespace {

const UtcTime kNow = *time_from_iso8601("2026-05-01T12:00:00Z");

struct WrittenCatalogue {
  ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::Writer writer{scratch.database()};
  WrittenCatalogue() { store::migrate(session); }
  std::size_t accounts() { return store::all_accounts(session).size(); }
};

}  // namespace

TEST_CASE("what a writer was given is committed when it returns, whoever else writes") {
  WrittenCatalogue catalogue;
  constexpr int kThreads = 8, kEach = 20;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        store::Session own{catalogue.scratch.database()};
        for (int i = 0; i < kEach; ++i) {
          AccountId id;
          catalogue.writer.write([&](store::Session& s) { id = store::account_named(s, std::to_string(t) + "/" + std::to_string(i), kNow).id; });
          if (!store::find_account(own, id)) std::abort();
        }
      });
    }
  }
  REQUIRE(catalogue.accounts() == kThreads * kEach);
}

TEST_CASE("work that fails undoes itself only, and its own caller hears of it") {
  WrittenCatalogue catalogue;
  std::latch all_wait{5};
  std::atomic<int> failures{0};
  {
    // The first holds the writer until the others wait, so that they share a transaction.
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { catalogue.writer.write([&](store::Session&) { all_wait.wait(); }); });
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        all_wait.count_down();
        try {
          catalogue.writer.write([&](store::Session& s) {
            store::account_named(s, "anna " + std::to_string(t), kNow);
            if (t == 2) throw std::runtime_error{"no"};
          });
        } catch (const std::runtime_error& error) {
          if (std::string{error.what()} == "no" && t == 2) ++failures;
        }
      });
    }
    all_wait.count_down();
  }
  REQUIRE(failures == 1);
  REQUIRE(catalogue.accounts() == 3);
}

TEST_CASE("a catalogue that can't be opened fails its work, and the next is tried anew") {
  store::Writer writer{{"sqlite:///proc/no/such/folder/catalogue.db"}};
  REQUIRE_THROWS(writer.write([](store::Session&) {}));
  REQUIRE_THROWS(writer.write([](store::Session&) {}));
}
