#pragma once
// A form with a file, streamed to the private blob store while it arrives.

#include "services/gateway/http/md5.hpp"
#include "services/gateway/http/multipart.hpp"
#include "services/store/blobs.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::gateway {

struct ReceivedUpload {
  std::string part;        ///< the part's name: "file" or "picture"
  std::string file_name;   ///< the last component only, whatever path the sender gave
  store::BlobStore::Incoming bytes;
  std::string md5;
};

struct ReceivedForm {
  std::vector<std::pair<std::string, std::string>> fields;
  std::optional<ReceivedUpload> upload;   ///< the first part that has a file name
};

struct UploadLimits {
  std::uint64_t largest_file = std::uint64_t{4} << 30;  ///< an hour of dashcam video at 8 Mbit/s
  std::size_t largest_field = 65'536;                   ///< override_* values are short texts
};

class UploadBody {
 public:
  UploadBody(std::string_view boundary, const store::BlobStore& blobs, const UploadLimits& limits);
  UploadBody(const UploadBody&) = delete;
  UploadBody& operator=(const UploadBody&) = delete;

  struct Problem {
    int status = 400;
    std::string message;
  };
  /// False when the body can't become a form: problem() says why. Throws std::system_error when the disk refuses.
  bool add(ByteView bytes);
  const Problem& problem() const { return problem_; }
  /// The form, once; null when the body ended before its closing boundary.
  std::unique_ptr<ReceivedForm> finish();

 private:
  bool begin(const PartHeader& part);
  bool data(ByteView bytes);
  bool end();
  bool refuse(int status, std::string message);

  const store::BlobStore& blobs_;
  UploadLimits limits_;
  ReceivedForm form_;
  Md5Stream md5_;
  enum class Into { field, upload, nowhere } into_ = Into::nowhere;
  Problem problem_;
  MultipartParser parser_;
};

}  // namespace cairn::gateway
