#pragma once
// libjpeg behind two owners that can't leak: its errors jump (setjmp), its structs are freed by destructors.
// Only for .cpp files of this room.

#include "core/bytes.hpp"

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#include <jpeglib.h>

namespace cairn::vision {

/// What libjpeg said while it worked on one picture.
struct JpegErrors {
  jpeg_error_mgr manager{};  ///< first member: libjpeg hands back a pointer to it
  std::jmp_buf jump{};
  int code = 0;          ///< of the error that ended the work (jerror.h); 0: none
  bool damaged = false;  ///< a warning said that picture data is missing or wrong
  std::array<char, JMSG_LENGTH_MAX> first_message{};

  JpegErrors();
  std::string message() const { return first_message.data(); }
};

/// Runs a step that calls libjpeg; false when libjpeg gave up. The step may own nothing that needs a destructor,
/// because the jump out of libjpeg passes by destructors: objects live outside and are captured by reference. Not
/// inlined, so that the caller's variables keep their values.
template <class Step>
[[gnu::noinline]] bool guarded(JpegErrors& errors, const Step& step) {
  if (setjmp(errors.jump) != 0) return false;
  step();
  return true;
}

/// A decompressor over bytes that must outlive it. Calls on `info` go through guarded().
class JpegReader {
 public:
  explicit JpegReader(ByteView jpeg);
  ~JpegReader();
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  /// Reads up to the first scan; false when there is none.
  bool read_header();

  JpegErrors errors;
  jpeg_decompress_struct info{};

 private:
  ByteView jpeg_;
};

/// A compressor that writes into bytes of its own.
class JpegWriter {
 public:
  /// `expected_size` spares growing.
  explicit JpegWriter(std::size_t expected_size);
  ~JpegWriter();
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  /// What was written; after jpeg_finish_compress.
  Bytes take() { return std::move(sink_.bytes); }

  JpegErrors errors;
  jpeg_compress_struct info{};

 private:
  struct Sink {
    jpeg_destination_mgr manager{};  ///< first member: libjpeg hands back a pointer to it
    Bytes bytes;
  };
  static void start(j_compress_ptr info);
  static boolean grow(j_compress_ptr info);
  static void finish(j_compress_ptr info);
  Sink sink_;
};

}  // namespace cairn::vision
