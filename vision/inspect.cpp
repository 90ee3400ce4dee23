// One decode feeds everything that looks; the public pictures are made from the bytes, not from the decoded pixels.

#include "vision/inspect.hpp"

#include "vision/derive.hpp"
#include "vision/luma.hpp"
#include "vision/motion.hpp"
#include "vision/phash.hpp"
#include "vision/picture.hpp"
#include "vision/quality.hpp"
#include "vision/redact.hpp"

#include <opencv2/core.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace cairn::vision {
namespace {

/// The longer side of what the net searches (the face cascade searches less), so that no larger picture is decoded.
constexpr int kSearchedSidePx = 1920;

struct UprightPicture {
  Bytes turned;    ///< empty when the picture came upright
  cv::Size size;   ///< of the whole picture, upright
  cv::Mat bgr;     ///< to look at: the whole picture, or smaller
  ByteView jpeg_of(const FrameToInspect& frame) const { return turned.empty() ? frame.jpeg : ByteView{turned}; }
};

/// The least of libjpeg's fast scales at which the detectors see all that they can.
int eighths_to_look_at(cv::Size size) {
  for (const int eighths : {1, 2, 4}) {
    if (std::max(size.width, size.height) * eighths / 8 >= kSearchedSidePx) return eighths;
  }
  return 8;
}

OrRefusal<UprightPicture> upright_picture(const FrameToInspect& frame, const PictureLimits& limits) {
  const auto header = read_jpeg_header(frame.jpeg, limits);
  if (auto* refusal = std::get_if<Refusal>(&header)) return *refusal;
  const auto& stored = std::get<JpegHeader>(header);
  UprightPicture picture;
  picture.size = {stored.width_px, stored.height_px};
  if (frame.orientation >= 2 && frame.orientation <= 8) {
    auto turned = turned_upright(frame.jpeg, frame.orientation);
    if (auto* refusal = std::get_if<Refusal>(&turned)) return *refusal;
    picture.turned = std::get<Bytes>(std::move(turned));
    if (frame.orientation >= 5) std::swap(picture.size.width, picture.size.height);
  }
  auto bgr = decode_jpeg(picture.jpeg_of(frame), eighths_to_look_at(picture.size));
  if (auto* refusal = std::get_if<Refusal>(&bgr)) return *refusal;
  picture.bgr = std::get<cv::Mat>(std::move(bgr));
  return picture;
}

/// Boxes of the picture that was looked at, in pixels of the whole one.
void enlarge(std::vector<Detection>& found, cv::Size looked_at, cv::Size whole) {
  if (looked_at == whole) return;
  const float x = static_cast<float>(whole.width) / static_cast<float>(looked_at.width);
  const float y = static_cast<float>(whole.height) / static_cast<float>(looked_at.height);
  for (auto& [object, box, score] : found) box = {box.left * x, box.top * y, box.right * x, box.bottom * y};
}

bool belongs_on_the_map(ObjectClass object) {
  return object == ObjectClass::sign || object == ObjectClass::traffic_light;
}

std::vector<Detection> publishable(std::vector<Detection> found, float publish_score) {
  std::erase_if(found,
                [&](const Detection& d) { return !belongs_on_the_map(d.object) || !(d.score >= publish_score); });
  return found;
}

/// "mapnet-s 1 + opencv-faces 4.6"
std::string joined_names(const std::vector<std::unique_ptr<Detector>>& detectors) {
  std::string names;
  for (const auto& detector : detectors) names += (names.empty() ? "" : " + ") + detector->name();
  return names;
}

OrRefusal<Pictures> public_pictures(ByteView jpeg, const std::vector<Detection>& hidden, const InspectRules& rules) {
  auto hd = redacted(jpeg, hidden);
  if (auto* refusal = std::get_if<Refusal>(&hd)) return *refusal;
  Pictures pictures{.hd = std::get<Bytes>(std::move(hd)), .sd = {}, .thumb = {}};
  auto smaller = smaller_pictures(pictures.hd, {rules.sd_width_px, rules.thumb_width_px, rules.jpeg_quality});
  if (auto* refusal = std::get_if<Refusal>(&smaller)) return *refusal;
  pictures.sd = std::move(std::get<SmallerPictures>(smaller).sd);
  pictures.thumb = std::move(std::get<SmallerPictures>(smaller).thumb);
  return pictures;
}

}  // namespace

struct Inspector::State {
  std::vector<std::unique_ptr<Detector>> detectors;
  InspectRules rules;
  std::string names;
  cv::Mat before;  ///< luma of the frame before; empty at the beginning of a sequence and after an undecodable frame

  PictureLimits limits() const {
    PictureLimits limits;
    limits.most_pixels = rules.most_pixels;
    return limits;
  }

  /// What needs no detector; remembers the frame for the next one.
  void look(const FrameToInspect& frame, const UprightPicture& picture, Observation& observation) {
    const auto luma = luma_of(picture.bgr);
    observation.width_px = picture.size.width;
    observation.height_px = picture.size.height;
    observation.quality = quality_of(luma);
    observation.phash = phash_of(luma);
    if (!before.empty()) {
      const auto focal = frame.focal_px ? std::optional{*frame.focal_px * luma.cols / picture.size.width} : std::nullopt;
      observation.motion = motion_between(before, luma, focal);
    }
    before = luma;
  }

  /// What is found and what redaction must hide. Throws what a detector throws.
  void detect(const UprightPicture& picture, Observation& observation) {
    std::vector<std::vector<Detection>> found;
    for (const auto& detector : detectors) {
      found.push_back(detector->detect(picture.bgr));
      enlarge(found.back(), picture.bgr.size(), picture.size);
    }
    observation.detections = publishable(found.front(), rules.publish_score);
    observation.redaction = {names, rules.hide.values(), boxes_to_hide(united(std::move(found)), rules.hide)};
  }
};

Inspector::Inspector(std::vector<std::unique_ptr<Detector>> detectors, InspectRules rules)
    : state_{std::make_unique<State>()} {
  if (detectors.empty())
    throw std::invalid_argument{"no detector is configured, so nothing could be hidden: name one in models.yaml"};
  cv::setNumThreads(1);  // processes are what runs side by side; also keeps sums in one order (law 5)
  state_->names = joined_names(detectors);
  state_->detectors = std::move(detectors);
  state_->rules = rules;
}

Inspector::~Inspector() = default;

void Inspector::begin_sequence() { state_->before.release(); }

void Inspector::follow(const FrameToInspect& before) {
  const auto picture = upright_picture(before, state_->limits());
  const auto* upright = std::get_if<UprightPicture>(&picture);
  state_->before = upright ? luma_of(upright->bgr) : cv::Mat{};
}

InspectedFrame Inspector::inspect(const FrameToInspect& frame) {
  InspectedFrame result;
  result.id = frame.id;
  const auto picture = upright_picture(frame, state_->limits());
  if (auto* refusal = std::get_if<Refusal>(&picture)) {
    state_->before.release();
    result.refusal = *refusal;
    return result;
  }
  const auto& upright = std::get<UprightPicture>(picture);
  state_->look(frame, upright, result.observation);
  try {
    state_->detect(upright, result.observation);
    auto pictures = public_pictures(upright.jpeg_of(frame), result.observation.redaction.hidden, state_->rules);
    if (auto* refusal = std::get_if<Refusal>(&pictures)) {
      result.refusal = Refusal{Reason::redaction_failed, refusal->detail};
    } else {
      result.pictures = std::get<Pictures>(std::move(pictures));
    }
  } catch (const std::exception& error) {
    result.refusal = Refusal{Reason::redaction_failed, error.what()};
  }
  return result;
}

}  // namespace cairn::vision
