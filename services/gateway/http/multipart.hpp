#pragma once
// multipart/form-data (RFC 7578), read as it streams by: no part is ever held in memory here.

#include "core/bytes.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::gateway {

struct PartHeader {
  std::string name;
  std::optional<std::string> file_name;  ///< as sent; absent for a plain field
  std::string content_type;
};

/// Who gets the parts. Calls come as begin, data…, end for each part. An answer of false stops the parser for good.
struct PartSink {
  std::function<bool(const PartHeader&)> begin;
  std::function<bool(ByteView)> data;
  std::function<bool()> end;
};

/// The boundary in a Content-Type of multipart/form-data; nothing when there is none, or when it is no legal one.
std::optional<std::string> boundary_from(std::string_view content_type);

/// Cutting the body anywhere gives the same parts. Memory: one boundary and one part header (at most kMostHeaderBytes).
class MultipartParser {
 public:
  static constexpr std::size_t kMostHeaderBytes = 8192;  ///< clients send about 150
  static constexpr int kMostParts = 100;                 ///< a file and its overrides; far fewer in practice

  MultipartParser(std::string_view boundary, PartSink sink);

  /// False when the body is malformed or the sink stopped: problem() says which, and further calls do nothing.
  bool add(ByteView bytes);
  /// True when the closing boundary was seen.
  bool finished() const { return state_ == State::epilogue; }
  /// What is wrong, for the sender; empty while all is well or when the sink stopped.
  const std::string& problem() const { return problem_; }

 private:
  enum class State { preamble, after_boundary, header, data, epilogue, failed };

  std::size_t step(std::string_view pending);
  std::size_t step_preamble(std::string_view pending);
  std::size_t step_after_boundary(std::string_view pending);
  std::size_t step_header(std::string_view pending);
  std::size_t step_data(std::string_view pending);
  std::size_t begin_of_delimiter(std::string_view pending) const;
  std::size_t fail(std::string problem);

  std::string delimiter_;   ///< CR LF -- boundary
  PartSink sink_;
  State state_ = State::preamble;
  std::string kept_;        ///< bytes that can't be judged before more come
  std::string problem_;
  int parts_ = 0;
  bool progressed_ = false;
};

}  // namespace cairn::gateway
