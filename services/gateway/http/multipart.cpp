#include "services/gateway/http/multipart.hpp"

#include "services/gateway/http/http.hpp"

#include <algorithm>

// A delimiter is CR LF "--" boundary; the first one may lack its CR LF, so the body is read as if a CR LF stood before it.
// Each step looks at all bytes not yet used and says how many it used up; none and no change of state means: wait for more.

namespace cairn::gateway {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) { return lower_case(a) == lower_case(b); }

/// The value of `; name=value` or `; name="value"` in a header. Browsers write %22 for a quote and leave backslashes alone;
/// other clients escape a quote with a backslash: only that escape is undone.
std::optional<std::string> parameter_of(std::string_view header, std::string_view wanted) {
  auto rest = header.substr(std::min(header.find(';'), header.size()));
  while (!rest.empty()) {
    rest = trimmed(rest.substr(1));
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto name = trimmed(rest.substr(0, equals));
    rest = trimmed(rest.substr(equals + 1));
    std::string value;
    if (rest.starts_with('"')) {
      std::size_t i = 1;
      for (; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size() && rest[i + 1] == '"') ++i;
        value += rest[i];
      }
      if (i >= rest.size()) return std::nullopt;
      rest = rest.substr(i + 1);
      rest = rest.substr(std::min(rest.find(';'), rest.size()));
    } else {
      const auto end = std::min(rest.find(';'), rest.size());
      value = trimmed(rest.substr(0, end));
      rest = rest.substr(end);
    }
    if (same_ignoring_case(name, wanted)) return value;
  }
  return std::nullopt;
}

std::optional<PartHeader> part_header_from(std::string_view lines) {
  PartHeader header;
  bool named = false;
  while (!lines.empty()) {
    const auto end = std::min(lines.find("\r\n"), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (same_ignoring_case(name, "content-disposition")) {
      const auto field = parameter_of(value, "name");
      if (!field) return std::nullopt;
      header.name = *field;
      header.file_name = parameter_of(value, "filename");
      named = true;
    } else if (same_ignoring_case(name, "content-type")) {
      header.content_type = value;
    }
  }
  return named ? std::optional{header} : std::nullopt;
}

}  // namespace

std::optional<std::string> boundary_from(std::string_view content_type) {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!same_ignoring_case(type, "multipart/form-data")) return std::nullopt;
  auto boundary = parameter_of(content_type, "boundary");
  constexpr std::string_view kLegal = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
  if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->find_first_not_of(kLegal) != std::string::npos)
    return std::nullopt;
  return boundary;
}

MultipartParser::MultipartParser(std::string_view boundary, PartSink sink)
    : delimiter_{"\r\n--" + std::string{boundary}}, sink_{std::move(sink)}, kept_{"\r\n"} {}

bool MultipartParser::add(ByteView bytes) {
  if (state_ == State::failed) return false;
  auto pending = text_of(bytes);
  if (!kept_.empty()) pending = kept_.append(pending);
  do {
    progressed_ = false;
    const auto used = step(pending);
    pending.remove_prefix(used);
    progressed_ = progressed_ || used > 0;
  } while (progressed_ && state_ != State::failed);
  if (kept_.empty()) kept_ = pending;
  else kept_.erase(0, kept_.size() - pending.size());
  return state_ != State::failed;
}

std::size_t MultipartParser::step(std::string_view pending) {
  switch (state_) {
    case State::preamble: return step_preamble(pending);
    case State::after_boundary: return step_after_boundary(pending);
    case State::header: return step_header(pending);
    case State::data: return step_data(pending);
    case State::epilogue: return pending.size();
    case State::failed: return 0;
  }
  return 0;
}

std::size_t MultipartParser::step_preamble(std::string_view pending) {
  const auto at = pending.find(delimiter_);
  if (at == std::string_view::npos) return pending.size() < delimiter_.size() ? 0 : pending.size() - delimiter_.size() + 1;
  state_ = State::after_boundary;
  return at + delimiter_.size();
}

std::size_t MultipartParser::step_after_boundary(std::string_view pending) {
  const auto content = pending.find_first_not_of(" \t");  // padding that RFC 2046 lets senders add
  if (content == std::string_view::npos) return pending.size();
  const auto rest = pending.substr(content);
  if (rest.size() < 2) return 0;
  if (rest.starts_with("--")) {
    state_ = State::epilogue;
  } else if (rest.starts_with("\r\n")) {
    if (++parts_ > kMostParts) return fail("the form has more than " + std::to_string(kMostParts) + " parts");
    state_ = State::header;
  } else {
    return fail("a boundary of the form is not followed by a line end");
  }
  return content + 2;
}

std::size_t MultipartParser::step_header(std::string_view pending) {
  const auto end = pending.find("\r\n\r\n");
  if (std::min(end, pending.size()) > kMostHeaderBytes) return fail("the header of a part is longer than 8192 bytes");
  if (end == std::string_view::npos) return 0;
  const auto header = part_header_from(pending.substr(0, end));
  if (!header) return fail("a part of the form has no Content-Disposition with a name");
  if (!sink_.begin(*header)) return fail({});
  state_ = State::data;
  return end + 4;
}

std::size_t MultipartParser::step_data(std::string_view pending) {
  const auto at = pending.find(delimiter_);
  const auto safe = at != std::string_view::npos ? at : begin_of_delimiter(pending);
  if (safe > 0 && !sink_.data(bytes_of(pending.substr(0, safe)))) return fail({});
  if (at == std::string_view::npos) return safe;
  if (!sink_.end()) return fail({});
  state_ = State::after_boundary;
  return at + delimiter_.size();
}

/// Where a delimiter may begin that isn't all here yet; mostly nowhere, and then nothing needs to be kept.
std::size_t MultipartParser::begin_of_delimiter(std::string_view pending) const {
  for (auto at = pending.size() - std::min(pending.size(), delimiter_.size() - 1); at < pending.size(); ++at) {
    if (delimiter_.starts_with(pending.substr(at))) return at;
  }
  return pending.size();
}

std::size_t MultipartParser::fail(std::string problem) {
  problem_ = std::move(problem);
  state_ = State::failed;
  return 0;
}

}  // namespace cairn::gateway
