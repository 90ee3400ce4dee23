#include "rewards/statement.hpp"

#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"

#include <nlohmann/json.hpp>

using namespace cairn;
using namespace cairn::rewards;
using namespace cairn::rewards::testing;
using nlohmann::json;

namespace {


EpochResult two_contributors() {
  auto half = unit(3, 2, kMonday, place(55.8, 13.19));
  half.quality_ppm = kWhole / 2;
  return closed(input_with({unit(1, 1, kMonday), unit(2, 1, kMonday + std::chrono::minutes{1}), half}, 100));
}

}  // namespace

TEST_CASE("a statement shows each frame with its factors and link, the share, and what was refused and why") {
  const auto mine = pseudonym_of(account(1));
  const std::vector<RefusedFrame> refused{{frame(9), kMonday, {Reason::blurred, "sharpness 3"}}};
  const auto statement = json::parse(statement_json(two_contributors(), mine, refused, [](FrameId id) { return "/pictures/" + id.text(); }));
  REQUIRE(statement["amount"] == "67");  // 100 × 1 / 1.5, the larger remainder
  const auto& pool = statement["pools"][0];
  REQUIRE(pool["weight_ppm"] == "1000000");
  REQUIRE(pool["pool_weight_ppm"] == "1500000");
  REQUIRE(pool["ledger_key"] == "epoch:2026-W18:coverage:" + mine.text());
  REQUIRE(pool["lines"].size() == 2);
  REQUIRE(pool["lines"][0]["need_ppm"] == 1'000'000);
  REQUIRE(pool["lines"][0]["href"] == "/pictures/" + frame(1).text());
  REQUIRE(pool["lines"][1]["shares_unit_of"] == frame(1).text());
  REQUIRE(pool["refused"][0]["reason"] == "blurred");
  REQUIRE(pool["refused"][0]["detail"] == "sharpness 3");
}

TEST_CASE("who did nothing gets a statement of nothing") {
  const auto statement = json::parse(statement_json(two_contributors(), address(1)));
  REQUIRE(statement["amount"] == "0");
  REQUIRE(statement["pools"][0]["lines"].empty());
}

TEST_CASE("an explanation shows the sum that gave the share") {
  const auto text = explain(two_contributors(), pseudonym_of(account(1)));
  REQUIRE(text.find("100 x 1000000 / 1500000 = 66 and a remainder, which was among the largest: one unit more, 67") != std::string::npos);
  REQUIRE(text.find("need 1.000000 x quality 1.000000 x trust 1.000000 = 1.000000") != std::string::npos);
  REQUIRE(text.find("same pass as frame " + frame(1).text()) != std::string::npos);
  REQUIRE(explain(two_contributors(), address(1)).find("Share: 0, because") != std::string::npos);
}

TEST_CASE("a summary adds up") {
  const auto result = two_contributors();
  const auto summary = json::parse(summary_json(result));
  REQUIRE(summary["paid"] == "100");
  REQUIRE(summary["carried_over"] == "0");
  REQUIRE(summary["accounts"] == 2);
  REQUIRE(summary["root"] == MerkleTree{result.totals}.root()->text());
}
