#include "services/gateway/http/upload_body.hpp"

namespace cairn::gateway {
namespace {

std::string last_component(const std::string& path) {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

UploadBody::UploadBody(std::string_view boundary, const store::BlobStore& blobs, const UploadLimits& limits)
    : blobs_{blobs},
      limits_{limits},
      parser_{boundary, PartSink{[this](const PartHeader& part) { return begin(part); },
                                 [this](ByteView bytes) { return data(bytes); }, [this] { return end(); }}} {}

bool UploadBody::add(ByteView bytes) {
  if (parser_.add(bytes)) return true;
  if (!parser_.problem().empty()) problem_ = {400, "The body is no valid form: " + parser_.problem()};
  return false;
}

std::unique_ptr<ReceivedForm> UploadBody::finish() {
  return parser_.finished() ? std::make_unique<ReceivedForm>(std::move(form_)) : nullptr;
}

bool UploadBody::begin(const PartHeader& part) {
  if (!part.file_name) {
    into_ = Into::field;
    form_.fields.emplace_back(part.name, std::string{});
  } else if (!form_.upload) {
    into_ = Into::upload;
    form_.upload.emplace(ReceivedUpload{part.name, last_component(*part.file_name),
                                        store::BlobStore::Incoming{blobs_, store::Namespace::private_}, {}});
  } else {
    return refuse(400, "The form has more than one file: send one file per request");
  }
  return true;
}

bool UploadBody::data(ByteView bytes) {
  if (into_ == Into::upload) {
    if (form_.upload->bytes.size() + bytes.size() > limits_.largest_file)
      return refuse(413, "The file is larger than " + std::to_string(limits_.largest_file) + " bytes, the most this server takes");
    md5_.add(bytes);
    form_.upload->bytes.add(bytes);
  } else {
    auto& value = form_.fields.back().second;
    if (value.size() + bytes.size() > limits_.largest_field)
      return refuse(413, "A field of the form is longer than " + std::to_string(limits_.largest_field) + " bytes");
    value.append(text_of(bytes));
  }
  return true;
}

bool UploadBody::end() {
  if (into_ == Into::upload) form_.upload->md5 = md5_.finish();
  into_ = Into::nowhere;
  return true;
}

bool UploadBody::refuse(int status, std::string message) {
  problem_ = {status, std::move(message)};
  return false;
}

}  // namespace cairn::gateway
