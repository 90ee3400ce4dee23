#pragma once
// Published pictures with what the detector found in them, for those who train and judge models.

#include "core/observation.hpp"
#include "services/export/point_file.hpp"
#include "services/store/blobs.hpp"
#include "services/store/published.hpp"

#include <filesystem>
#include <functional>

namespace cairn::services {

struct DatasetSelection {
  std::optional<GeoBounds> within;
  std::optional<UtcTime> since, until;   ///< when the picture was taken; both ends belong to it
  std::vector<ObjectClass> classes;      ///< only pictures that show one of these; empty: all, with the classes that redaction leaves to be seen
};
/// What is annotated where no class is named: plates, heads and people are hidden in the pictures.
inline constexpr std::array kVisibleClasses{ObjectClass::sign, ObjectClass::traffic_light, ObjectClass::vehicle};

struct DatasetExport {
  std::size_t pictures = 0;
  std::size_t annotations = 0;
  std::uint64_t bytes = 0;               ///< of the pictures
};

/// Makes `folder`: images/ (the redacted pictures at full size), annotations.json (COCO), frames.fgb (where and when, by whom) and
/// README.md. Only what anyone may see gets in, as it is at the end: what is withdrawn meanwhile is taken out again. The folder
/// appears when it is whole; until then it grows as FOLDER.partial, and a run that was cut off goes on there. The same catalogue
/// gives the same bytes. `tell` hears how many pictures of how many were looked at. Throws std::runtime_error with what to do.
DatasetExport export_dataset(store::Session&, const store::BlobStore&, const DatasetSelection&, const std::filesystem::path& folder, const Terms&,
                             const std::function<void(std::size_t done, std::size_t of)>& tell);

}  // namespace cairn::services
