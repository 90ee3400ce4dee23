// GPX 1.0 and 1.1: the points of all tracks (`trkpt`) with their time, read as a stream. Routes and waypoints are ignored.
#include "ingest/number_text.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/track_lookup.hpp"

#include <expat.h>

#include <algorithm>
#include <memory>

namespace cairn::ingest {
namespace {

constexpr int kDeepest = 32;                       ///< elements inside each other; real files have about eight
constexpr std::size_t kLongestText = 128;          ///< of a number or a time
constexpr std::size_t kChunk = 64 << 20;           ///< expat copies it, and counts the lines of all but the last: a week's drive is one
constexpr std::size_t kSearchLength = 4096;        ///< the root element stands near the start, after a comment at most

/// Without the prefix of its name space. One pass: names are short, and there are several for each point.
std::string_view local_name(const char* name) {
  const char* end = name;
  for (; *end != '\0'; ++end) {
    if (*end == ':') name = end + 1;
  }
  return {name, static_cast<std::size_t>(end - name)};
}

/// Collects points while expat calls. Calls come from C code, so nothing here may throw: memory is bounded by the limits above.
class Collector {
 public:
  explicit Collector(UtcTime received_at) : points_{received_at} {}

  void start(XML_Parser parser, const char* name, const char** attributes) {
    if (++depth_ > kDeepest) return stop(parser, {Reason::broken_file, "elements nested deeper than 32"});
    text_.clear();
    if (local_name(name) != "trkpt") return;
    fix_ = {};
    time_.reset();
    inside_ = true;
    read_place(attributes);
  }

  void text(const char* letters, int count) {
    if (!inside_ || text_.size() > kLongestText) return;
    text_.append(letters, std::min<std::size_t>(static_cast<std::size_t>(count), kLongestText + 1));
  }

  void end(XML_Parser parser, const char* name) {
    --depth_;
    if (!inside_) return;
    const auto element = local_name(name);
    if (element == "trkpt") {
      inside_ = false;
      full_ = !points_.add(time_, place_, fix_);
      if (full_) XML_StopParser(parser, XML_FALSE);
    } else if (text_.size() <= kLongestText) {
      read_value(element);
    }
    text_.clear();
  }

  void stop(XML_Parser parser, Refusal refusal) {
    refusal_ = std::move(refusal);
    XML_StopParser(parser, XML_FALSE);
  }

  const std::optional<Refusal>& refusal() const { return refusal_; }

  bool full() const { return full_; }
  std::variant<TrackFile, Refusal> result() { return std::move(points_).result(); }

 private:
  void read_place(const char** attributes) {
    std::optional<double> lat, lon;
    for (; attributes[0] && attributes[1]; attributes += 2) {
      const auto name = local_name(attributes[0]);
      if (name == "lat") lat = number_from_text(attributes[1]);
      if (name == "lon") lon = number_from_text(attributes[1]);
    }
    place_.reset();
    if (lat && lon) place_ = StatedPlace{*lat, *lon};
  }

  void read_value(std::string_view element) {
    if (element == "time") {
      time_ = time_from_iso8601(without_blanks(text_));
      return;
    }
    const auto number = number_from_text(text_);
    if (!number) return;
    if (element == "ele") fix_.altitude_m = *number;
    if (element == "speed" && *number >= 0 && *number < 1000) fix_.speed_mps = *number;
    if (element == "course" && *number >= 0 && *number <= 360) fix_.heading_deg = heading_within_circle(*number);
    if (element == "hdop" && *number > 0 && *number < 1000) fix_.accuracy_m = *number * kMetresPerDop;
  }

  TrackBuilder points_;
  int depth_ = 0;
  bool full_ = false;
  bool inside_ = false;
  Fix fix_;
  std::optional<UtcTime> time_;
  std::optional<StatedPlace> place_;
  std::string text_;
  std::optional<Refusal> refusal_;
};

struct Parser {
  explicit Parser(UtcTime received_at) : collector{received_at}, xml{XML_ParserCreate(nullptr), &XML_ParserFree} {
    if (!xml) throw std::bad_alloc{};
    XML_SetUserData(xml.get(), this);
    XML_SetElementHandler(xml.get(), on_start, on_end);
    XML_SetCharacterDataHandler(xml.get(), on_text);
    XML_SetStartDoctypeDeclHandler(xml.get(), on_doctype);
  }
  static Parser& self(void* data) { return *static_cast<Parser*>(data); }
  static void on_start(void* data, const char* name, const char** attributes) {
    self(data).collector.start(self(data).xml.get(), name, attributes);
  }
  static void on_end(void* data, const char* name) { self(data).collector.end(self(data).xml.get(), name); }
  static void on_text(void* data, const char* letters, int count) { self(data).collector.text(letters, count); }
  /// Entities can be declared only there, and no track needs one: a bomb ends here.
  static void on_doctype(void* data, const char*, const char*, const char*, int) {
    self(data).collector.stop(self(data).xml.get(), {Reason::broken_file, "a document type declaration is not allowed in a track"});
  }

  Collector collector;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> xml;
};

Refusal syntax_error(XML_Parser xml) {
  return {Reason::broken_file, "line " + std::to_string(XML_GetCurrentLineNumber(xml)) + ": " +
                                   XML_ErrorString(XML_GetErrorCode(xml))};
}

bool recognises(ByteView bytes) {
  auto head = text_of(bytes.first(std::min(bytes.size(), kSearchLength)));
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const auto start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || head[start] != '<') return false;
  return head.find("<gpx") != std::string_view::npos || head.find(":gpx ") != std::string_view::npos;
}

std::variant<TrackFile, Refusal> read(ByteView bytes, UtcTime received_at) {
  Parser parser{received_at};
  while (true) {
    const auto chunk = bytes.first(std::min(kChunk, bytes.size()));
    bytes = bytes.subspan(chunk.size());
    const auto status = XML_Parse(parser.xml.get(), text_of(chunk).data(), static_cast<int>(chunk.size()), bytes.empty());
    if (parser.collector.refusal()) return *parser.collector.refusal();
    if (!parser.collector.full() && status != XML_STATUS_OK) return syntax_error(parser.xml.get());
    if (bytes.empty() || parser.collector.full()) return parser.collector.result();
  }
}

}  // namespace

const TrackFormat kGpx{"GPX", recognises, read};

}  // namespace cairn::ingest
