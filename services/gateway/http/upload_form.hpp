#pragma once
// A form with a file, streamed to the private blob store while it arrives.

#include "services/gateway/http/http.hpp"
#include "services/gateway/http/multipart.hpp"
#include "services/gateway/options.hpp"
#include "services/gateway/receive/content_hash.hpp"
#include "services/store/blobs.hpp"

namespace cairn::gateway {

struct ReceivedUpload {
  std::string part;        ///< the part's name: "file" or "picture"
  std::string file_name;   ///< the last component only, whatever path the sender gave
  store::BlobStore::Incoming bytes;
  ContentNames names;
};

class UploadForm : public BodySink {
 public:
  UploadForm(std::string_view boundary, const store::BlobStore& blobs, const UploadLimits& limits);

  std::optional<Response> add(ByteView bytes) override;

  /// Whether the closing boundary was seen.
  bool is_whole() const { return parser_.finished(); }
  const Pairs& fields() const { return fields_; }
  /// The first part that has a file name.
  std::optional<ReceivedUpload>& upload() { return upload_; }

 private:
  bool begin(const PartHeader& part);
  bool data(ByteView bytes);
  bool end();
  bool refuse(int status, const std::string& message);

  const store::BlobStore& blobs_;
  UploadLimits limits_;
  Pairs fields_;
  std::optional<ReceivedUpload> upload_;
  ContentHash hash_;
  enum class Into { field, upload, nowhere } into_ = Into::nowhere;
  std::optional<Response> refusal_;
  MultipartParser parser_;
};

/// Of a request's Content-Type; 415 when it names no form.
std::variant<std::string, Response> form_boundary(const Request& request);
/// Opens one for a request; 415 as above.
std::variant<std::unique_ptr<BodySink>, Response> open_form(Request& request, Context& context);

}  // namespace cairn::gateway
