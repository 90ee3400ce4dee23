// GPX 1.0 and 1.1: the points of all tracks (`trkpt`) with their time, read as a stream. Routes and waypoints are ignored.
#include "ingest/claim_check.hpp"
#include "ingest/decode_file.hpp"
#include "ingest/number_text.hpp"
#include "ingest/track_lookup.hpp"

#include <expat.h>

#include <algorithm>
#include <memory>

namespace cairn::ingest {
namespace {

constexpr int kDeepest = 32;                       ///< elements inside each other; real files have about eight
constexpr std::size_t kMostPoints = 2'000'000;     ///< three weeks at one point a second
constexpr std::size_t kLongestText = 128;          ///< of a number or a time
constexpr std::size_t kChunk = 1 << 20;
constexpr std::chrono::seconds kClockSkew{24 * 3600};

std::string_view local_name(const char* name) {
  const std::string_view whole{name};
  const auto colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

/// Collects points while expat calls. Calls come from C code, so nothing here may throw: memory is bounded by the limits above.
class Collector {
 public:
  explicit Collector(UtcTime received_at) : received_at_{received_at} {}

  void start(XML_Parser parser, const char* name, const char** attributes) {
    if (++depth_ > kDeepest) return stop(parser, {Reason::broken_file, "elements nested deeper than 32"});
    text_.clear();
    if (local_name(name) != "trkpt") return;
    if (++points_ > kMostPoints) return stop(parser, {Reason::file_too_large, "more than 2000000 points"});
    fix_ = {};
    has_time_ = false;
    inside_ = true;
    read_place(attributes);
  }

  void text(const char* letters, int count) {
    if (!inside_ || text_.size() > kLongestText) return;
    text_.append(letters, std::min<std::size_t>(static_cast<std::size_t>(count), kLongestText + 1));
  }

  void end(const char* name) {
    --depth_;
    if (!inside_) return;
    const auto element = local_name(name);
    if (element == "trkpt") {
      finish_point();
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

  std::variant<Track, Refusal> result() {
    if (!track_.empty()) return in_order(std::move(track_));
    if (first_bad_) return *first_bad_;
    if (points_ == 0) return Refusal{Reason::no_place, "the file holds no track point"};
    return Refusal{Reason::no_time, "no track point has a time"};
  }

 private:
  void read_place(const char** attributes) {
    std::optional<double> lat, lon;
    for (; attributes[0] && attributes[1]; attributes += 2) {
      if (local_name(attributes[0]) == "lat") lat = number_from_text(attributes[1]);
      if (local_name(attributes[0]) == "lon") lon = number_from_text(attributes[1]);
    }
    place_.reset();
    if (lat && lon) place_ = StatedPlace{*lat, *lon};
  }

  void read_value(std::string_view element) {
    if (element == "time") {
      if (const auto time = time_from_iso8601(trimmed(text_))) {
        fix_.taken_at = *time;
        has_time_ = true;
      }
      return;
    }
    const auto number = number_from_text(text_);
    if (!number) return;
    if (element == "ele") fix_.altitude_m = *number;
    if (element == "speed" && *number >= 0 && *number < 1000) fix_.speed_mps = *number;
    if (element == "course" && *number >= 0 && *number <= 360) fix_.heading_deg = heading_within_circle(*number);
    if (element == "hdop" && *number > 0 && *number < 1000) fix_.accuracy_m = *number * kMetresPerDop;
  }

  void finish_point() {
    inside_ = false;
    if (!place_ || !has_time_) return;
    auto bad = check_place(*place_);
    if (!bad) bad = check_time(fix_.taken_at, received_at_, kClockSkew);
    if (bad) {
      if (!first_bad_) first_bad_ = std::move(bad);
      return;
    }
    fix_.place = *LatLon::from_degrees(place_->lat_deg, place_->lon_deg);
    track_.push_back(fix_);
  }

  static std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  }

  UtcTime received_at_;
  int depth_ = 0;
  std::size_t points_ = 0;
  bool inside_ = false;
  bool has_time_ = false;
  Fix fix_;
  std::optional<StatedPlace> place_;
  std::string text_;
  Track track_;
  std::optional<Refusal> first_bad_;
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
  static void on_end(void* data, const char* name) { self(data).collector.end(name); }
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

}  // namespace

std::variant<Track, Refusal> read_track(ByteView bytes, UtcTime received_at) {
  if (bytes.empty()) return Refusal{Reason::empty_file, ""};
  Parser parser{received_at};
  while (true) {
    const auto chunk = bytes.first(std::min(kChunk, bytes.size()));
    bytes = bytes.subspan(chunk.size());
    const auto status = XML_Parse(parser.xml.get(), text_of(chunk).data(), static_cast<int>(chunk.size()), bytes.empty());
    if (parser.collector.refusal()) return *parser.collector.refusal();
    if (status != XML_STATUS_OK) return syntax_error(parser.xml.get());
    if (bytes.empty()) return parser.collector.result();
  }
}

}  // namespace cairn::ingest
