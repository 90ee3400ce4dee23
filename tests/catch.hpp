#pragma once
// The one place that knows which Catch2 is there.
#ifdef CAIRN_CATCH2_V3
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

/// Matches a text that holds another; the two versions have different names for it.
#ifdef CAIRN_CATCH2_V3
inline auto ContainsText(const std::string& part) { return Catch::Matchers::ContainsSubstring(part); }
#else
inline auto ContainsText(const std::string& part) { return Catch::Matchers::Contains(part); }
#endif
