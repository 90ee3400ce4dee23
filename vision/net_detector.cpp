// The net gives, per cell of 8 x 8 pixels, a logit for each class and the distances from the cell's centre to the four sides of
// the object's box, for each class or one for all. A box is kept where its score is the highest among its 3 x 3 neighbours of the same class, and where no
// better box of that class overlaps it.
//
// The net learned objects of up to some 200 px. A second look at half the size, for a quarter of the time, finds the larger ones.
// It is there for what must be hidden, so all of its boxes stay beside those of the first look; signs it would find twice.

#include "vision/detector.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace cairn::vision {
namespace {

constexpr int kStride = 8;
constexpr int kPad = 32;                ///< the net halves the picture five times
constexpr int kMostWidthPx = 1920;      ///< wider pictures are searched at this width: bounds time and memory
constexpr int kMostHeightPx = 1920;
constexpr int kTwoLooksPx = 640;        ///< pictures from this width or height on are looked at twice
constexpr float kMostOverlap = 0.4f;    ///< intersection over union
constexpr std::size_t kMostBoxes = 2000;

int padded(int size) { return (size + kPad - 1) / kPad * kPad; }

/// Planes B, G, R in 0-255; right and below filled with mid grey up to a multiple of 32.
Tensor input_of(const cv::Mat& bgr) {
  const int width = padded(bgr.cols), height = padded(bgr.rows);
  const auto plane = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Tensor input{{1, 3, height, width}, std::vector<float>(3 * plane, 128.f)};
  std::vector<cv::Mat> channels;
  cv::split(bgr, channels);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    cv::Mat into = cv::Mat{height, width, CV_32F, input.values.data() + c * plane}(cv::Rect{{0, 0}, bgr.size()});
    channels[c].convertTo(into, CV_32F);  // same size and type: written in place
  }
  return input;
}

float overlap(const Box& a, const Box& b) {
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const float both = width * height;
  return both / (a.width() * a.height() + b.width() * b.height() - both);
}

/// A total order, so that equal scores come out alike on every machine.
bool better(const Detection& a, const Detection& b) {
  return std::tie(b.score, a.object, a.box.top, a.box.left, a.box.bottom, a.box.right) <
         std::tie(a.score, b.object, b.box.top, b.box.left, b.box.bottom, b.box.right);
}

std::vector<Detection> without_overlaps(std::vector<Detection> boxes) {
  std::sort(boxes.begin(), boxes.end(), better);
  std::vector<Detection> kept;
  for (const auto& box : boxes) {
    const auto covers = [&](const Detection& other) { return other.object == box.object && overlap(other.box, box.box) > kMostOverlap; };
    if (std::none_of(kept.begin(), kept.end(), covers)) kept.push_back(box);
  }
  return kept;
}

/// The two outputs of the net, checked.
class Heads {
 public:
  Heads(const std::vector<Tensor>& outputs, const std::string& model, const Tensor& input, std::int64_t classes) {
    const auto height = input.shape[2] / kStride, width = input.shape[3] / kStride;
    const auto fits = [&](const Tensor& t) {
      return t.shape.size() == 4 && t.shape[0] == 1 && t.shape[2] == height && t.shape[3] == width &&
             t.values.size() == static_cast<std::size_t>(t.shape[1] * height * width);
    };
    if (outputs.size() != 2 || !fits(outputs[0]) || !fits(outputs[1]) || outputs[0].shape[1] != classes ||
        (outputs[1].shape[1] != 4 && outputs[1].shape[1] != 4 * classes)) {
      throw std::runtime_error{"model " + model + " gave outputs of the wrong shape: expected class logits [1, " + std::to_string(classes) +
                               ", " + std::to_string(height) + ", " + std::to_string(width) + "] and box sides [1, 4 or " +
                               std::to_string(4 * classes) + ", same]; models.yaml names its classes"};
    }
    for (const auto& output : outputs) {
      const auto finite = [](float v) { return std::isfinite(v); };
      if (!std::all_of(output.values.begin(), output.values.end(), finite)) {
        throw std::runtime_error{"model " + model + " gave a value that is not a number: its boxes can't be trusted"};
      }
    }
    logits_ = outputs[0].values.data();
    sides_ = outputs[1].values.data();
    classes_ = static_cast<int>(classes);
    sides_per_class_ = outputs[1].shape[1] == 4 ? 0 : 4;
    width_ = static_cast<int>(width);
    height_ = static_cast<int>(height);
  }

  int classes() const { return classes_; }
  int width() const { return width_; }
  int height() const { return height_; }
  float logit(int object, int y, int x) const { return logits_[at(object, y, x)]; }
  float side(int object, int which, int y, int x) const { return sides_[at(object * sides_per_class_ + which, y, x)]; }

  bool is_peak(int object, int y, int x) const {
    const float here = logit(object, y, x);
    for (int v = std::max(0, y - 1); v <= std::min(height_ - 1, y + 1); ++v) {
      for (int u = std::max(0, x - 1); u <= std::min(width_ - 1, x + 1); ++u) {
        if (logit(object, v, u) > here) return false;
      }
    }
    return true;
  }

 private:
  std::size_t at(int plane, int y, int x) const {
    return (static_cast<std::size_t>(plane) * static_cast<std::size_t>(height_) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }

  const float* logits_;
  const float* sides_;
  int classes_, sides_per_class_, width_, height_;
};

class NetDetector final : public Detector {
 public:
  NetDetector(std::unique_ptr<Model> model, std::vector<ObjectClass> classes, float least_score)
      : model_{std::move(model)}, classes_{std::move(classes)}, least_score_{least_score} {
    if (!model_ || classes_.empty()) throw std::runtime_error{"the net detector needs a model and its classes"};
    if (!(least_score > 0 && least_score < 1)) throw std::runtime_error{"the least score of the net detector must lie between 0 and 1"};
  }

  std::vector<Detection> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) throw std::runtime_error{"the net detector needs a picture of 8-bit BGR"};
    const double scale = std::max({1.0, static_cast<double>(bgr.cols) / kMostWidthPx, static_cast<double>(bgr.rows) / kMostHeightPx});
    cv::Mat small = bgr;
    if (scale > 1) cv::resize(bgr, small, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
    auto found = look(small, scale, bgr.size());
    if (std::max(small.cols, small.rows) >= kTwoLooksPx) {
      cv::Mat half;
      cv::resize(small, half, {(small.cols + 1) / 2, (small.rows + 1) / 2}, 0, 0, cv::INTER_AREA);
      auto large = look(half, 2 * scale, bgr.size());
      std::erase_if(large, [](const Detection& d) { return d.object == ObjectClass::sign || d.object == ObjectClass::traffic_light; });
      found.insert(found.end(), large.begin(), large.end());
      std::sort(found.begin(), found.end(), better);
    }
    return found;
  }

  const std::string& name() const override { return model_->name(); }

 private:
  std::vector<Detection> look(const cv::Mat& bgr, double scale, const cv::Size& picture) {
    const auto input = input_of(bgr);
    const auto outputs = model_->run(input);
    return without_overlaps(boxes_of(Heads{outputs, model_->name(), input, static_cast<std::int64_t>(classes_.size())}, scale, picture));
  }

  std::vector<Detection> boxes_of(const Heads& heads, double scale, const cv::Size& picture) const {
    const float least_logit = std::log(least_score_ / (1 - least_score_));
    std::vector<Detection> boxes;
    for (int object = 0; object < heads.classes(); ++object) {
      for (int y = 0; y < heads.height(); ++y) {
        for (int x = 0; x < heads.width(); ++x) {
          if (heads.logit(object, y, x) < least_logit || !heads.is_peak(object, y, x)) continue;
          const auto box = box_at(heads, object, y, x, static_cast<float>(scale), picture);
          if (box.width() <= 0 || box.height() <= 0) continue;  // wholly in the padding
          boxes.push_back({classes_[static_cast<std::size_t>(object)], box, score_of(heads.logit(object, y, x))});
          if (boxes.size() > kMostBoxes) {
            throw std::runtime_error{"model " + name() + " found more than " + std::to_string(kMostBoxes) +
                                     " boxes in one picture: it can't be trusted"};
          }
        }
      }
    }
    return boxes;
  }

  /// Rounded, so that the last bits of another machine's arithmetic don't show.
  static float score_of(float logit) { return std::round(1000.f / (1.f + std::exp(-logit))) / 1000.f; }

  static Box box_at(const Heads& heads, int object, int y, int x, float scale, const cv::Size& picture) {
    const float centre_x = (static_cast<float>(x) + 0.5f) * kStride, centre_y = (static_cast<float>(y) + 0.5f) * kStride;
    const auto rounded = [&](float v, int most) { return std::clamp(std::round(v * scale * 4.f) / 4.f, 0.f, static_cast<float>(most)); };
    return {rounded(centre_x - heads.side(object, 0, y, x), picture.width), rounded(centre_y - heads.side(object, 1, y, x), picture.height),
            rounded(centre_x + heads.side(object, 2, y, x), picture.width), rounded(centre_y + heads.side(object, 3, y, x), picture.height)};
  }

  std::unique_ptr<Model> model_;
  std::vector<ObjectClass> classes_;  ///< by channel
  float least_score_;
};

}  // namespace

std::unique_ptr<Detector> make_net_detector(std::unique_ptr<Model> model, std::vector<ObjectClass> classes, float least_score) {
  return std::make_unique<NetDetector>(std::move(model), std::move(classes), least_score);
}

}  // namespace cairn::vision
