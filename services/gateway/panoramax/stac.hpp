#pragma once
// Sequences and frames as STAC collections and items, in the dialect of Panoramax.

#include "services/gateway/context.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tags.hpp"
#include "services/store/uploads.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace cairn::gateway {

/// Writes the items and collections of one answer; names of accounts and facts of files are looked up once each.
class StacWriter {
 public:
  explicit StacWriter(Context& context) : context_{context} {}

  nlohmann::json collection(const store::SequenceRow& sequence);
  /// The item with its neighbours in the sequence and the nearest pictures of other sequences.
  nlohmann::json item_with_neighbours(const store::FrameRow& frame);
  /// The answer with the items of many frames: each is written as text before the next is made, which takes a third less time and
  /// memory than one tree of all.
  Response feature_collection(const std::vector<store::FrameRow>& frames, const nlohmann::json& links);

 private:
  /// What an item says beyond its row.
  struct Facts {
    store::FileFacts file;
    std::vector<store::Tag> tags;
    nlohmann::json annotations = nlohmann::json::array();
    nlohmann::json semantics_of_collection = nlohmann::json::array();
    nlohmann::json neighbours = nlohmann::json::array();   ///< links to the frames before and behind it
  };
  /// Fetches the facts of many frames with a few queries; neighbours take one per sequence.
  void look_up(const std::vector<store::FrameRow>& frames);
  void look_up_neighbours(const std::vector<store::FrameRow>& frames);
  nlohmann::json item(const store::FrameRow& frame);
  nlohmann::json properties_of(const store::FrameRow& frame);
  nlohmann::json link_to(std::string_view rel, SequenceId sequence, FrameId frame, LatLon place) const;
  void add_related(const store::FrameRow& frame, nlohmann::json& links);
  int count_of(const store::SequenceRow& sequence, const std::optional<store::UploadSet>& set);
  const std::string& name_of_account(AccountId id);
  nlohmann::json producers(AccountId id);
  std::string url(const std::string& path) const { return context_.base_url + path; }

  Context& context_;
  std::map<AccountId, std::string> account_names_;
  std::map<FrameId, Facts> facts_;
};

/// "cli", "website", "mobile_app", "other" or "unknown": the software that a User-Agent names.
std::string_view upload_software(std::string_view user_agent);

/// Accuracy of its place: as fused, else as the receiver said.
std::optional<double> accuracy_m(const store::FrameRow& frame);

}  // namespace cairn::gateway
