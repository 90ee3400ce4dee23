#include "services/gateway/http/upload_form.hpp"

#include "services/gateway/context.hpp"
#include "services/gateway/receive/stated.hpp"

namespace cairn::gateway {

UploadForm::UploadForm(std::string_view boundary, const store::BlobStore& blobs, const UploadLimits& limits)
    : blobs_{blobs},
      limits_{limits},
      parser_{boundary, PartSink{[this](const PartHeader& part) { return begin(part); },
                                 [this](ByteView bytes) { return data(bytes); }, [this] { return end(); }}} {}

std::optional<Response> UploadForm::add(ByteView bytes) {
  if (parser_.add(bytes)) return std::nullopt;
  if (!parser_.problem().empty()) return error_response(400, "The body is no valid form: " + parser_.problem());
  return refusal_;
}

bool UploadForm::begin(const PartHeader& part) {
  if (!part.file_name) {
    into_ = Into::field;
    fields_.emplace_back(part.name, std::string{});
  } else if (!upload_) {
    into_ = Into::upload;
    upload_.emplace(ReceivedUpload{part.name, last_component(*part.file_name),
                                        store::BlobStore::Incoming{blobs_, store::Namespace::private_}, {}});
  } else {
    return refuse(400, "The form has more than one file: send one file per request");
  }
  return true;
}

bool UploadForm::data(ByteView bytes) {
  if (into_ == Into::upload) {
    if (upload_->bytes.size() + bytes.size() > limits_.largest_file)
      return refuse(413, "The file is larger than " + std::to_string(limits_.largest_file) + " bytes, the most this server takes");
    hash_.add(bytes);
    upload_->bytes.add(bytes);
  } else {
    auto& value = fields_.back().second;
    if (value.size() + bytes.size() > limits_.largest_field)
      return refuse(413, "A field of the form is longer than " + std::to_string(limits_.largest_field) + " bytes");
    value.append(text_of(bytes));
  }
  return true;
}

bool UploadForm::end() {
  if (into_ == Into::upload) upload_->names = hash_.finish();
  into_ = Into::nowhere;
  return true;
}

bool UploadForm::refuse(int status, const std::string& message) {
  refusal_ = error_response(status, message);
  return false;
}

std::variant<std::string, Response> form_boundary(const Request& request) {
  auto boundary = boundary_from(request.header("content-type").value_or(""));
  if (!boundary) return error_response(415, "Send the file as multipart/form-data");
  return std::move(*boundary);
}

std::variant<std::unique_ptr<BodySink>, Response> open_form(Request& request, Context& context) {
  const auto boundary = form_boundary(request);
  if (const auto* refusal = std::get_if<Response>(&boundary)) return *refusal;
  return std::make_unique<UploadForm>(std::get<std::string>(boundary), context.blobs, context.options.limits.upload);
}

}  // namespace cairn::gateway
