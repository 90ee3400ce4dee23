// Measures what redaction would hide and what it costs, through the same code as the worker's: redaction recall by height of
// the object, false boxes per picture, CPU milliseconds per picture. Truth comes from vision/training/truth.py.

#include "core/observation.hpp"
#include "vision/detector.hpp"
#include "vision/model_list.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

namespace {

using namespace cairn;

constexpr std::array kHeights{0.f, 12.f, 24.f, 48.f};  ///< px; lower ends of the classes
constexpr double kCovered = 0.7;                       ///< of an object's area, to count as hidden

struct Truth {
  std::string object;  ///< a code of ObjectClass; after "ignore_", one that isn't counted
  Box box;
};

struct Picture {
  std::string group;
  std::vector<std::string> known;  ///< classes of which every visible object is boxed
  std::vector<Truth> truth;
};

/// Lines of "path group known,known object left top right bottom"; a picture without objects has the object "-".
std::map<std::string, Picture> pictures_of(std::istream& lines) {
  std::map<std::string, Picture> pictures;
  std::string line, path, group, known, object;
  while (std::getline(lines, line)) {
    std::istringstream words{line};
    Box box;
    words >> path >> group >> known >> object;
    auto& picture = pictures[path];
    picture.group = group;
    picture.known.clear();
    std::istringstream names{known};
    for (std::string name; std::getline(names, name, ',');) picture.known.push_back(name);
    if (words >> box.left >> box.top >> box.right >> box.bottom) picture.truth.push_back({object, box});
  }
  return pictures;
}

bool holds(const Box& b, float x, float y) { return x >= b.left && x <= b.right && y >= b.top && y <= b.bottom; }

/// The share of a box that the union of the others covers, on a grid of 32 x 32 points.
double covered(const Box& truth, const std::vector<Box>& boxes) {
  int hits = 0;
  for (int i = 0; i < 32 * 32; ++i) {
    const float x = truth.left + (static_cast<float>(i % 32) + 0.5f) / 32 * truth.width();
    const float y = truth.top + (static_cast<float>(i / 32) + 0.5f) / 32 * truth.height();
    hits += std::any_of(boxes.begin(), boxes.end(), [&](const Box& b) { return holds(b, x, y); });
  }
  return hits / 1024.0;
}

float overlap(const Box& a, const Box& b) {
  const float w = std::min(a.right, b.right) - std::max(a.left, b.left), h = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return w <= 0 || h <= 0 ? 0 : w * h / (a.width() * a.height() + b.width() * b.height() - w * h);
}

struct Score {
  std::array<int, kHeights.size()> hidden{}, all{};
  int pictures = 0, false_boxes = 0;
};

void count(Score& score, const std::string& object, const std::vector<Truth>& truth, const std::vector<Box>& boxes) {
  ++score.pictures;
  for (const auto& t : truth) {
    if (t.object != object) continue;
    const auto above = std::upper_bound(kHeights.begin(), kHeights.end(), t.box.height());
    const auto height = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, above - kHeights.begin() - 1));
    ++score.all[height];
    score.hidden[height] += covered(t.box, boxes) >= kCovered;
  }
  for (const auto& b : boxes) {
    const auto explains = [&](const Truth& t) { return (t.object == object || t.object == "ignore_" + object) && overlap(b, t.box) >= 0.1f; };
    score.false_boxes += std::none_of(truth.begin(), truth.end(), explains);
  }
}

void print(const std::string& title, const Score& score) {
  std::printf("%-16s", title.c_str());
  int hidden = 0, all = 0;
  for (std::size_t i = 0; i < kHeights.size(); ++i) {
    hidden += score.hidden[i];
    all += score.all[i];
    if (score.all[i]) std::printf("  from %2.0f px %d/%d", static_cast<double>(kHeights[i]), score.hidden[i], score.all[i]);
  }
  std::printf("  all %d/%d = %.3f  false/picture %.2f\n", hidden, all, all ? static_cast<double>(hidden) / all : 0.0,
              static_cast<double>(score.false_boxes) / score.pictures);
}

void evaluate(vision::Detector& detector, const std::filesystem::path& data, const std::map<std::string, Picture>& pictures) {
  std::map<std::string, Score> scores;
  double cpu_s = 0;
  for (const auto& [path, picture] : pictures) {
    const auto image = cv::imread((data / path).string());
    if (image.empty()) throw std::runtime_error{"can't read the picture " + (data / path).string()};
    const auto start = std::clock();
    const auto found = detector.detect(image);
    cpu_s += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    for (const auto& object : picture.known) {
      std::vector<Box> boxes;
      for (const auto& d : found) {
        if (code_of(d.object) == object) boxes.push_back(d.box);
      }
      count(scores[object + " " + picture.group], object, picture.truth, boxes);
    }
  }
  std::printf("%s: %zu pictures, %.1f ms CPU per picture\n", detector.name().c_str(), pictures.size(),
              1000 * cpu_s / static_cast<double>(pictures.size()));
  for (const auto& [title, score] : scores) print(title, score);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 5) {
    std::cerr << "usage: vision_eval MODELS.YAML MODEL DATA TRUTH.TXT [LEAST_SCORE]\n"
                 "MODEL is a name of models.yaml, or \"cascades\"; TRUTH.TXT is written by vision/training/truth.py\n";
    return 2;
  }
  std::ifstream list{argv[1]}, truth{argv[4]};
  if (!truth) throw std::runtime_error{std::string{"can't read "} + argv[4]};
  const std::string yaml{std::istreambuf_iterator<char>{list}, {}};
  const float least_score = argc > 5 ? std::stof(argv[5]) : 0.3f;
  cv::setNumThreads(1);
  const auto detector = std::string{argv[2]} == "cascades"
                            ? vision::make_cascade_detector("/usr/share/opencv4/haarcascades")
                            : vision::make_net_detector(vision::load_model(vision::model_named(
                                  vision::models_from_yaml(yaml, std::filesystem::path{argv[1]}.parent_path().string()), argv[2])), least_score);
  evaluate(*detector, argv[3], pictures_of(truth));
} catch (const std::exception& error) {
  std::cerr << "vision_eval: " << error.what() << '\n';
  return 1;
}
