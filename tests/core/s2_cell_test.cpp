#include "core/s2_cell.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <array>

using namespace cairn;

namespace {

struct Known {
  double lat_deg, lon_deg;
  int level;
  std::uint64_t cell;
};

/// Computed with the s2geometry library 0.10. Two million random places gave the same ids there and here.
constexpr std::array kKnown{
    Known{45.7893547, 161.7484330, 2, 0x5900000000000000},  Known{70.5443718, -129.1422372, 26, 0x510c39797a310900},
    Known{59.8541364, 144.2557715, 8, 0x595b100000000000},  Known{39.2230232, 92.0682125, 11, 0x378da14000000000},
    Known{-18.4598182, -68.9296620, 15, 0x9150acbe40000000}, Known{-35.2790704, 178.2942576, 21, 0x6d7903701acc0000},
    Known{65.9776519, -83.6599091, 1, 0x4c00000000000000},  Known{-37.3824918, -164.4403588, 23, 0x731390c2d6434000},
    Known{-67.7374391, -119.2593320, 19, 0xa47d2a249f400000}, Known{-30.4320999, 60.1073035, 30, 0x211e6c9a993649e5},
    Known{0.0117383, -173.5875281, 5, 0x7a9c000000000000},  Known{36.5562179, -23.7853719, 18, 0x0b613fc7c3000000},
};

LatLon place(double lat_deg, double lon_deg) { return *LatLon::from_degrees(lat_deg, lon_deg); }

}  // namespace

TEST_CASE("cell ids are those of every other S2") {
  for (const auto& known : kKnown) {
    CAPTURE(known.lat_deg, known.lon_deg, known.level);
    CHECK(s2_cell_of(place(known.lat_deg, known.lon_deg), known.level) == known.cell);
    CHECK(s2_level_of(known.cell) == known.level);
  }
}

TEST_CASE("a cell's centre lies in it, on every level and near the poles and the date line") {
  testing::Random random{testing::seed_of_run()};
  for (int i = 0; i < 2000; ++i) {
    const int level = static_cast<int>(random.whole(0, 24));  // finer ones are smaller than a LatLon can tell
    const auto where = i % 4 == 0 ? place(random.between(89.9, 90), random.between(-180, 180)) : place(random.between(-90, 90), random.between(-180, 180));
    const auto cell = s2_cell_of(where, level);
    CAPTURE(where.lat_deg(), where.lon_deg(), level);
    REQUIRE(s2_cell_of(s2_centre_of(cell), level) == cell);
  }
}

TEST_CASE("numbers that name no cell have no level") {
  for (const std::uint64_t number : {0x0ULL, 0x2ULL, 0xc000000000000001ULL, 0xffffffffffffffffULL, 0x8ULL, 0x2000000000000000ULL}) {
    CAPTURE(number);
    CHECK(s2_level_of(number) == -1);
  }
  CHECK(s2_level_of(0x1000000000000000ULL) == 0);
}
