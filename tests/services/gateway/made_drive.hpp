#pragma once
// A drive in the catalogue as the pipeline leaves it, without a pipeline.

#include "services/store/frames.hpp"
#include "tests/services/gateway/served.hpp"

namespace cairn::testing {

struct DriveToMake {
  std::string name = "drive";
  AccountId account;
  int frames = 6;
  Projection projection = Projection::flat;
  Bytes redacted;                       ///< the public picture of each frame; empty: bytes that are none
  bool ready = true;                    ///< else it waits for inspection
  std::optional<int> announced;         ///< how many files its set waits for
  LatLon start = *LatLon::from_degrees(55.698, 13.195);
  UtcTime first_taken_at = *time_from_iso8601("2014-06-07T08:24:05.656Z");
};

struct MadeDrive {
  UploadSetId set;
  SequenceId sequence;
  std::vector<store::FrameRow> frames;
};

/// Frames lie 5 m apart towards the north, one second apart.
MadeDrive make_drive(store::Session& session, const store::BlobStore& blobs, const DriveToMake& wanted);

/// What the pipeline makes of the pictures that a collection of the older path got: all are published, in the order of their ids.
void finish_sequence(store::Session& session, const store::BlobStore& blobs, SequenceId id);

}  // namespace cairn::testing
