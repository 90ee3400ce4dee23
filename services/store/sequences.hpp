#pragma once
// Sequences of frames, and lists of them for readers.

#include "core/feature.hpp"
#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/tile_id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"
#include "services/store/filter.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::store {

enum class SequenceState { inspecting, fusing, ready };
std::string_view name_of(SequenceState state);

struct SequenceRow {
  SequenceId id;
  UploadSetId upload_set;
  AccountId account;
  std::string title;
  UtcTime created_at{};
  UtcTime updated_at{};
  SequenceState state = SequenceState::inspecting;
  int frames = 0;
  int accepted = 0;                      ///< of those, shown to as many people as the sequence; box and length are theirs
  UtcTime first_taken_at{};
  UtcTime last_taken_at{};
  double length_m = 0;
  LatLon south_west;
  LatLon north_east;
  Values fusion_values;
  std::optional<std::string> visibility; ///< as its owner stated; else as the upload set's
  std::string shown_to = "anyone";
  std::string sorted_by = "+gpsdate";    ///< +gpsdate, -gpsdate, +filename, -filename: the order in which it is shown
  std::optional<UtcTime> deleted_at;
};

/// Those whose box has something in common with this one, of one account or of all.
std::vector<SequenceId> sequences_within(Session&, const GeoBounds& box, const std::optional<AccountId>& account);

/// A deleted sequence whose first picture was sent again begins anew, without its withdrawn frames.
void insert_sequence(Session&, const SequenceRow&);
void update_sequence(Session&, const SequenceRow&);
/// Writes what its owner may change: title, order, visibility; and deleted_at.
void update_owners_words(Session&, const SequenceRow&);
/// Numbers its frames as `sorted_by` says, for showing; fusion keeps the order of the drive.
void show_in_order(Session&, const SequenceRow&);
std::optional<SequenceRow> find_sequence(Session&, SequenceId id);
std::vector<SequenceRow> sequences_of_set(Session&, UploadSetId id);

/// Ready sequences that a viewer may see, page by page.
struct SequencePage {
  std::optional<AccountId> viewer;       ///< as in FrameSearch
  bool gone_too = false;                 ///< also deleted and hidden ones, for those who mirror the catalogue
  std::optional<AccountId> account;      ///< of that account only
  std::optional<GeoBounds> within;
  std::optional<UtcTime> taken_after, taken_before;
  Filter filter;                         ///< on columns of sequences
  enum class Order { created, updated, taken } order = Order::created;
  bool descending = false;
  std::optional<std::pair<UtcTime, SequenceId>> beyond;  ///< the page begins behind this one, by the order's time
  bool backwards = false;                ///< the page ends before `beyond`, or at the very end
  int limit = 100;
};
UtcTime time_of(const SequenceRow& sequence, SequencePage::Order order);
std::vector<SequenceRow> list_sequences(Session&, const SequencePage&);

/// Where and when the ready sequences that anyone may see are; nothing while there are none.
struct DataExtent {
  GeoBounds bounds;
  UtcTime first_taken_at{};
  UtcTime last_taken_at{};
};
std::optional<DataExtent> data_extent(Session&);

}  // namespace cairn::store
