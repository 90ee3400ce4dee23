#include "vision/jpeg_guard.hpp"

#include <jerror.h>

#include <algorithm>
#include <exception>

namespace cairn::vision {
namespace {

JpegErrors& errors_of(j_common_ptr info) { return *reinterpret_cast<JpegErrors*>(info->err); }

void keep_message(j_common_ptr info) {
  auto& errors = errors_of(info);
  if (errors.first_message[0] == '\0') info->err->format_message(info, errors.first_message.data());
}

[[noreturn]] void give_up(j_common_ptr info) {
  auto& errors = errors_of(info);
  errors.code = info->err->msg_code;
  errors.first_message[0] = '\0';
  keep_message(info);
  std::longjmp(errors.jump, 1);
}

/// Cameras write these without harm to the picture.
bool harmless(int warning) {
  return warning == JWRN_EXTRANEOUS_DATA || warning == JWRN_ADOBE_XFORM || warning == JWRN_JFIF_MAJOR ||
         warning == JWRN_BOGUS_PROGRESSION || warning == JWRN_TOO_MUCH_DATA;
}

void note(j_common_ptr info, int level) {
  if (level >= 0 || harmless(info->err->msg_code)) return;
  keep_message(info);
  errors_of(info).damaged = true;
}

void stay_silent(j_common_ptr) {}

}  // namespace

JpegErrors::JpegErrors() {
  jpeg_std_error(&manager);
  manager.error_exit = give_up;
  manager.emit_message = note;
  manager.output_message = stay_silent;
}

JpegReader::JpegReader(ByteView jpeg) : jpeg_{jpeg} { info.err = &errors.manager; }

JpegReader::~JpegReader() { jpeg_destroy_decompress(&info); }

bool JpegReader::read_header() {
  return guarded(errors, [this] {
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(jpeg_.data()), jpeg_.size());
    jpeg_read_header(&info, TRUE);
  });
}

JpegWriter::JpegWriter(std::size_t expected_size) {
  info.err = &errors.manager;
  sink_.bytes.resize(std::max<std::size_t>(expected_size, 4096));
  sink_.manager.init_destination = start;
  sink_.manager.empty_output_buffer = grow;
  sink_.manager.term_destination = finish;
  if (!guarded(errors, [this] { jpeg_create_compress(&info); })) return;
  info.dest = &sink_.manager;
}

JpegWriter::~JpegWriter() { jpeg_destroy_compress(&info); }

void JpegWriter::start(j_compress_ptr info) {
  auto& sink = *reinterpret_cast<Sink*>(info->dest);
  sink.manager.next_output_byte = reinterpret_cast<JOCTET*>(sink.bytes.data());
  sink.manager.free_in_buffer = sink.bytes.size();
}

/// The buffer is full: twice as much. An exception must not pass through libjpeg, so it becomes libjpeg's own error.
boolean JpegWriter::grow(j_compress_ptr info) {
  auto& sink = *reinterpret_cast<Sink*>(info->dest);
  const auto full = sink.bytes.size();
  bool grown = true;
  try {
    sink.bytes.resize(full * 2);
  } catch (const std::exception&) {
    grown = false;
  }
  if (!grown) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
  sink.manager.next_output_byte = reinterpret_cast<JOCTET*>(sink.bytes.data() + full);
  sink.manager.free_in_buffer = full;
  return TRUE;
}

void JpegWriter::finish(j_compress_ptr info) {
  auto& sink = *reinterpret_cast<Sink*>(info->dest);
  sink.bytes.resize(sink.bytes.size() - sink.manager.free_in_buffer);
}

}  // namespace cairn::vision
