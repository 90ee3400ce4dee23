// POST /mapillary/finish_upload: what was uploaded becomes files of an upload set, whose id is the answer's cluster_id.

#include "services/changes/completion.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/mapillary/archive.hpp"
#include "services/gateway/mapillary/protocol.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/gateway/receive/stated.hpp"
#include "services/store/file_view.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {
namespace mapillary {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestManifest = 4 << 20;  // 20,000 handles of 39 bytes, five times over

/// What became of the files of one upload.
struct Tally {
  int taken = 0;
  json refused = json::array();
  void count(json receipt) {
    if (is_taken(receipt)) ++taken;
    else refused.push_back(std::move(receipt));
  }
};

std::optional<store::PartialUpload> owned(store::PartialUploadId id, Context& context) {
  auto upload = store::find_partial_upload(context.catalogue, id);
  const bool is_ours = upload && upload->account == context.caller->account && upload->protocol == "mapillary";
  return is_ours ? upload : std::nullopt;
}

/// Hands one file on; nothing when the set is gone.
void count_received(Delivery delivery, const store::UploadSet& set, Tally& tally, Context& context, const Along& along = {}) {
  if (const auto receipt = receive(std::move(delivery), set, context, along)) tally.count(receipt_json(*receipt));
}

/// Hands a picture of a manifest on. Its row gets the receipt in the same transaction, so that after a crash nothing is done twice.
void deliver_picture(const store::PartialUpload& picture, const store::UploadSet& set, Tally& tally, Context& context) {
  if (picture.receipt_json) return tally.count(json::parse(*picture.receipt_json));
  const auto path = incoming_path(context, picture.id);
  const auto write_down = [&](store::Session& session, const Receipt& receipt) {
    store::finish_partial_upload(session, picture.id, receipt_json(receipt).dump());
  };
  count_received(delivery_of(path, picture.metadata, {}, names_of(path), context), set, tally, context, write_down);
  std::filesystem::remove(path);
}

std::string deliver_manifest(const store::PartialUpload& manifest, const store::UploadSet& set, Tally& tally, Context& context) {
  const auto path = incoming_path(context, manifest.id);
  if (durable_size(path) > kLargestManifest) return "The manifest is too large";
  const store::FileView view{path};
  const auto read = manifest_from(text_of(view.bytes()));
  if (const auto* problem = std::get_if<Problem>(&read)) return problem->message;
  std::vector<store::PartialUpload> pictures;
  for (const auto id : std::get<0>(read)) {
    auto picture = owned(id, context);
    if (!picture) return "A picture of the manifest is not there: send it again";
    pictures.push_back(std::move(*picture));
  }
  for (const auto& picture : pictures) deliver_picture(picture, set, tally, context);
  return {};
}

std::string deliver_archive(const store::PartialUpload& archive, const store::UploadSet& set, Tally& tally, Context& context) {
  const auto path = incoming_path(context, archive.id);
  const ArchiveLimits limits{kMostPictures, context.options.limits.upload.largest_file, 4 * durable_size(path) + (64 << 20)};
  if (auto problem = read_archive(path, limits, {}); !problem.empty()) return problem;
  std::optional<store::BlobStore::Incoming> bytes;
  ContentHash hash;
  std::string file_name;
  return read_archive(path, limits, {[&](const std::string& name) {
                                       file_name = name_problem(name).empty() ? name : "unnamed";
                                       bytes.emplace(context.blobs, store::Namespace::private_);
                                       hash = ContentHash{};
                                     },
                                     [&](ByteView piece) {
                                       bytes->add(piece);
                                       hash.add(piece);
                                     },
                                     [&] { count_received({file_name, std::move(*bytes), hash.finish(), {}}, set, tally, context); }});
}

void deliver_video(const store::PartialUpload& video, const store::UploadSet& set, Tally& tally, Context& context) {
  const auto path = incoming_path(context, video.id);
  count_received(delivery_of(path, video.metadata, {}, names_of(path), context), set, tally, context);
}

Response answer_from(const json& result) {
  if (result["taken"].get<int>() > 0 || result["refused"].empty()) return json_response(200, result);
  const auto& first = result["refused"][0];
  return error(400, "NothingTakenError", "Nothing of this upload was taken: " + first.value("message", first.value("outcome", "")));
}

Response finish(const Finish& asked, store::PartialUpload& upload, std::string_view user_agent, Context& context) {
  const auto title = "Upload of " + to_iso8601(upload.created_at).substr(0, 10);
  const auto set = set_of_session(context, "mapillary", upload.id.text(), title, user_agent);
  Tally tally;
  std::string problem;
  switch (asked.type) {
    case FileType::manifest: problem = deliver_manifest(upload, set, tally, context); break;
    case FileType::archive: problem = deliver_archive(upload, set, tally, context); break;
    case FileType::video: deliver_video(upload, set, tally, context); break;
  }
  if (!problem.empty()) return error(400, "InvalidFileError", problem);
  const json result{{"cluster_id", set.id.text()}, {"taken", tally.taken}, {"refused", tally.refused}};
  context.writer.write([&](store::Session& session) {
    changes::complete_set(session, set.id, context.now);
    store::finish_partial_upload(session, upload.id, result.dump());
  });
  std::filesystem::remove(incoming_path(context, upload.id));
  return answer_from(result);
}

}  // namespace
}  // namespace mapillary

Response finish_mapillary_upload(Request& request, Context& context) {
  using namespace mapillary;
  const auto asked = finish_from(request.body);
  if (const auto* problem = std::get_if<Problem>(&asked)) return error(400, "InvalidRequestError", problem->message);
  const auto& what = std::get<Finish>(asked);
  auto upload = owned(what.file, context);
  if (!upload) return error(400, "InvalidHandleError", "file_handle is of no upload of yours: send the file again");
  if (upload->receipt_json) return answer_from(nlohmann::json::parse(*upload->receipt_json));
  const auto file = PartialFile::open(incoming_path(context, upload->id));
  if (!file) return error(503, "BusyError", "Another request is working on this file: try again in a moment", true);
  return finish(what, *upload, request.header("user-agent").value_or(""), context);
}

}  // namespace cairn::gateway
