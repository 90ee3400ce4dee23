#pragma once
// A catalogue and a pipeline: what needs pictures is answered by hand, as if every picture were good; merging and tiles are real.

#include "services/area/private_area.hpp"
#include "services/coordinator/effects.hpp"
#include "services/store/blobs.hpp"
#include "services/store/frames.hpp"
#include "services/worker/tools.hpp"
#include "tests/services/scratch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cairn::testing {

inline const UtcTime kNoon = time_from_micros(1'777'636'800'000'000);
inline const LatLon kStart = *LatLon::from_degrees(55.7, 13.2);

/// 20 m east per step.
inline LatLon step(double number) { return moved(kStart, {20.0 * number, 0}); }

/// A rectangle, 100 m from south to north, whose border runs exactly through two steps.
area::PrivateArea around(double first, double last);

struct Town {
  ScratchFolder scratch;
  store::Session session{scratch.database()};
  store::BlobStore blobs{scratch.path() / "blobs"};
  worker::Tools tools{blobs, scratch.database(), {}, {}};
  coordinator::EffectRules rules;
  EastNorth drift;                        ///< how far fusion moves each frame from where it claimed to be

  Town() { store::migrate(session); }

  AccountId account(const std::string& name);
  /// A drive of that many pictures, one each 20 m and each second from noon on, received and not yet decoded.
  UploadSetId drive(const std::string& name, int frames, const std::string& title = "drive");
  /// Lets the pipeline work until nothing waits.
  void run();
  /// One job of a stage, with its answer, not yet applied.
  bus::Result next_answer(store::Stage stage);
  /// The answer to the newest upload's job of a stage, up to which it was brought; not yet applied.
  bus::Result answer_at(store::Stage stage);
  coordinator::Effect bring(const bus::Result& result);
  std::optional<std::string> draw(const std::optional<AccountId>& account, const area::PrivateArea& area);

  /// In the order in which they were taken.
  std::vector<store::FrameRow> frames(UploadSetId set);
  /// One letter each: + published, p in a privacy zone, e in an excluded area, ? else.
  std::string fates(UploadSetId set);
  /// Bytes of every tile and JSON of every feature, by name.
  std::map<std::string, std::string> map();
  int count(const std::string& table);

 private:
  bus::Result answer_to(const bus::Task& task);
};

}  // namespace cairn::testing
