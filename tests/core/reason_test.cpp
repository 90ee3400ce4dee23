#include "core/reason.hpp"

#include "tests/catch.hpp"

using namespace cairn;

TEST_CASE("every reason has a code that leads back to it and a sentence") {
  for (int i = 0; i <= static_cast<int>(Reason::log_altered); ++i) {
    const auto reason = static_cast<Reason>(i);
    CAPTURE(i, std::string{code_of(reason)});
    REQUIRE(reason_from_code(code_of(reason)) == reason);
    REQUIRE_FALSE(sentence_of(reason).empty());
  }
}
