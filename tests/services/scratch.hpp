#pragma once

#include "services/store/database.hpp"
#include "tests/temporary_folder.hpp"

namespace cairn::testing {

/// A folder of its own for one test, and a catalogue in it.
class ScratchFolder : public TemporaryFolder {
 public:
  store::DatabaseUrl database() const { return {"sqlite://" + (path() / "catalogue.db").string()}; }
};

}  // namespace cairn::testing
