// Sightings, and the features that they become.

#include "services/codec/codec.hpp"
#include "services/codec/record_parts.hpp"

namespace cairn::codec {

records::Sighting to_record(const Sighting& sighting) {
  records::Sighting record;
  record.set_id(sighting.id.text());
  record.set_sequence(sighting.sequence.text());
  record.set_contributor(sighting.contributor.text());
  record.set_object(std::string{code_of(sighting.object)});
  write_place(sighting.place, record.mutable_place());
  record.set_height_m(sighting.height_m);
  record.set_accuracy_m(sighting.accuracy_m);
  if (sighting.facing_deg) record.set_facing_deg(*sighting.facing_deg);
  record.set_score(sighting.score);
  record.set_first_seen(micros_of(sighting.first_seen));
  record.set_last_seen(micros_of(sighting.last_seen));
  for (const auto& frame : sighting.frames) record.add_frames(frame.text());
  return record;
}

Sighting from_record(const records::Sighting& record) {
  Sighting sighting;
  sighting.id = id_from<SightingId>(record.id());
  sighting.sequence = id_from<SequenceId>(record.sequence());
  sighting.contributor = id_from<AccountId>(record.contributor());
  sighting.object = object_from(record.object());
  sighting.place = place_from(record.place());
  sighting.height_m = record.height_m();
  sighting.accuracy_m = record.accuracy_m();
  sighting.facing_deg = maybe(record.has_facing_deg(), record.facing_deg());
  sighting.score = record.score();
  sighting.first_seen = time_from_micros(record.first_seen());
  sighting.last_seen = time_from_micros(record.last_seen());
  for (const auto& frame : record.frames()) sighting.frames.push_back(id_from<FrameId>(frame));
  return sighting;
}

records::Feature to_record(const Feature& feature) {
  records::Feature record;
  record.set_id(feature.id.text());
  record.set_object(std::string{code_of(feature.object)});
  record.set_confirmed(feature.state == FeatureState::confirmed);
  write_place(feature.place, record.mutable_place());
  record.set_height_m(feature.height_m);
  record.set_accuracy_m(feature.accuracy_m);
  if (feature.facing_deg) record.set_facing_deg(*feature.facing_deg);
  record.set_existence(feature.existence);
  record.set_first_seen(micros_of(feature.first_seen));
  record.set_last_seen(micros_of(feature.last_seen));
  record.set_views(feature.views);
  record.set_contributors(feature.contributors);
  for (const auto& sighting : feature.sightings) record.add_sightings(sighting.text());
  return record;
}

Feature from_record(const records::Feature& record) {
  Feature feature;
  feature.id = id_from<FeatureId>(record.id());
  feature.object = object_from(record.object());
  feature.state = record.confirmed() ? FeatureState::confirmed : FeatureState::seen;
  feature.place = place_from(record.place());
  feature.height_m = record.height_m();
  feature.accuracy_m = record.accuracy_m();
  feature.facing_deg = maybe(record.has_facing_deg(), record.facing_deg());
  feature.existence = record.existence();
  feature.first_seen = time_from_micros(record.first_seen());
  feature.last_seen = time_from_micros(record.last_seen());
  feature.views = record.views();
  feature.contributors = record.contributors();
  for (const auto& sighting : record.sightings()) feature.sightings.push_back(id_from<SightingId>(sighting));
  return feature;
}

}  // namespace cairn::codec
