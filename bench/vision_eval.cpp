// Measures what redaction would hide and what it costs, through the same code and rules as the worker's: redaction recall by
// height of the object, false area, CPU milliseconds per picture; for the net alone, the face cascade alone and both together.
// Truth comes from vision/training/truth.py.

#include "core/observation.hpp"
#include "vision/detector.hpp"
#include "vision/hide.hpp"
#include "vision/model_list.hpp"

#include <CLI/CLI.hpp>
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
constexpr int kCell = 4;                               ///< px; areas are counted in such squares

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

bool any_holds(const std::vector<Box>& boxes, float x, float y) {
  return std::any_of(boxes.begin(), boxes.end(), [&](const Box& b) { return holds(b, x, y); });
}

/// The share of a box that the union of the others covers, on a grid of 32 x 32 points.
double covered(const Box& truth, const std::vector<Box>& boxes) {
  int hits = 0;
  for (int i = 0; i < 32 * 32; ++i) {
    const float x = truth.left + (static_cast<float>(i % 32) + 0.5f) / 32 * truth.width();
    const float y = truth.top + (static_cast<float>(i / 32) + 0.5f) / 32 * truth.height();
    hits += any_holds(boxes, x, y);
  }
  return hits / 1024.0;
}

float overlap(const Box& a, const Box& b) {
  const float w = std::min(a.right, b.right) - std::max(a.left, b.left), h = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return w <= 0 || h <= 0 ? 0 : w * h / (a.width() * a.height() + b.width() * b.height() - w * h);
}

struct Recall {
  std::array<int, kHeights.size()> hidden{}, all{};
  int pictures = 0, false_boxes = 0;

  void add(const std::string& object, const std::vector<Truth>& truth, const std::vector<Box>& hiding, const std::vector<Box>& own) {
    ++pictures;
    for (const auto& t : truth) {
      if (t.object != object) continue;
      const auto above = std::upper_bound(kHeights.begin(), kHeights.end(), t.box.height());
      const auto height = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, above - kHeights.begin() - 1));
      ++all[height];
      hidden[height] += covered(t.box, hiding) >= kCovered;
    }
    for (const auto& b : own) {
      const auto explains = [&](const Truth& t) { return (t.object == object || t.object == "ignore_" + object) && overlap(b, t.box) >= 0.1f; };
      false_boxes += std::none_of(truth.begin(), truth.end(), explains);
    }
  }

  void print(const std::string& title) const {
    std::printf("  %-18s", title.c_str());
    int some = 0, total = 0;
    for (std::size_t i = 0; i < kHeights.size(); ++i) {
      some += hidden[i];
      total += all[i];
      if (all[i]) std::printf("  from %2.0f px %d/%d", static_cast<double>(kHeights[i]), hidden[i], all[i]);
    }
    std::printf("  all %d/%d = %.3f  false boxes/picture %.2f\n", some, total, total ? static_cast<double>(some) / total : 0.0,
                static_cast<double>(false_boxes) / pictures);
  }
};

/// Shares of the pictures' area.
struct Area {
  double hidden = 0, needless = 0;  ///< needless: on nothing that is a plate, head or person, or may be one
  int pictures = 0;

  void add(const cv::Size& size, const std::vector<Truth>& truth, const std::vector<Box>& hiding) {
    std::vector<Box> reasons;
    for (const auto& t : truth) {
      if (t.object.find("sign") == std::string::npos && t.object.find("vehicle") == std::string::npos) reasons.push_back(t.box);
    }
    int in_all = 0, in_hidden = 0, in_needless = 0;
    for (int y = kCell / 2; y < size.height; y += kCell) {
      for (int x = kCell / 2; x < size.width; x += kCell) {
        const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
        const bool is_hidden = any_holds(hiding, fx, fy);
        ++in_all;
        in_hidden += is_hidden;
        in_needless += is_hidden && !any_holds(reasons, fx, fy);
      }
    }
    hidden += static_cast<double>(in_hidden) / in_all;
    needless += static_cast<double>(in_needless) / in_all;
    ++pictures;
  }
};

/// The figures of one detector, or of several together.
class Figures {
 public:
  explicit Figures(vision::HideScores least) : least_{least} {}

  void add(const Picture& picture, const cv::Size& size, const std::vector<Detection>& found) {
    std::vector<Box> hiding;
    for (const auto& d : vision::boxes_to_hide(found, least_)) hiding.push_back(d.box);
    for (const auto& object : picture.known) {
      std::vector<Box> own;
      for (const auto& d : found) {
        if (code_of(d.object) == object && d.score >= least_of(d.object)) own.push_back(d.box);
      }
      const bool is_hidden = object == "plate" || object == "head";
      recalls_[object + " " + picture.group].add(object, picture.truth, is_hidden ? hiding : own, own);
    }
    areas_[picture.group].add(size, picture.truth, hiding);
  }

  void print() const {
    for (const auto& [title, recall] : recalls_) recall.print(title);
    for (const auto& [group, area] : areas_) {
      std::printf("  %-18s  hidden %.2f %%, needlessly %.2f %%\n", ("area " + group).c_str(), 100 * area.hidden / area.pictures,
                  100 * area.needless / area.pictures);
    }
  }

 private:
  double least_of(ObjectClass object) const { return object == ObjectClass::sign ? 0.3 : least_.of(object); }

  vision::HideScores least_;
  std::map<std::string, Recall> recalls_;
  std::map<std::string, Area> areas_;
};

struct Asked {
  std::string models = "configs/models.yaml", model = "mapnet-s", data, truth, groups;
  std::string cascades = vision::kCascadeFolder;
  std::vector<std::string> scores;  ///< class=score, instead of those of models.yaml
};

Asked asked(int argc, char** argv) {
  Asked asked;
  CLI::App app{"Prints redaction recall, false area and CPU time of the net, the face cascade and both"};
  app.add_option("truth", asked.truth, "boxes, as vision/training/truth.py writes them")->required();
  app.add_option("--data", asked.data, "the folder that the paths in it begin at")->required();
  app.add_option("--models", asked.models, "a models.yaml")->capture_default_str();
  app.add_option("--model", asked.model, "a name in it")->capture_default_str();
  app.add_option("--cascades", asked.cascades, "folder of OpenCV's cascades; empty: without")->capture_default_str();
  app.add_option("--groups", asked.groups, "only these groups of the truth, as day,night");
  app.add_option("--score", asked.scores, "instead of the list's, as head=0.2");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return asked;
}

void set(vision::HideScores& scores, const std::string& given) {
  const auto value = std::stod(given.substr(given.find('=') + 1));
  for (auto& [name, score] : {std::pair{"plate", &scores.plate}, {"head", &scores.head}, {"person", &scores.person}, {"vehicle", &scores.vehicle}}) {
    if (given.rfind(name, 0) == 0) *score = value;
  }
}

std::vector<Detection> timed(vision::Detector& detector, const cv::Mat& image, double& cpu_s) {
  const auto start = std::clock();
  auto found = detector.detect(image);
  cpu_s += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return found;
}

void evaluate(const Asked& asked) {
  std::ifstream list{asked.models}, truth{asked.truth};
  if (!truth) throw std::runtime_error{"can't read " + asked.truth};
  const auto models = vision::models_from_yaml(std::string{std::istreambuf_iterator<char>{list}, {}},
                                               std::filesystem::path{asked.models}.parent_path().string());
  auto model = vision::model_named(models, asked.model);
  for (const auto& given : asked.scores) set(model.hide, given);
  const auto net = vision::make_net_detector(vision::load_model(model), model.classes, static_cast<float>(std::min(0.3, model.hide.least())));
  const auto cascade = asked.cascades.empty() ? nullptr : vision::make_face_cascade(asked.cascades);

  Figures of_net{model.hide}, of_cascade{model.hide}, of_both{model.hide};
  double net_s = 0, cascade_s = 0;
  int pictures = 0;
  for (const auto& [path, picture] : pictures_of(truth)) {
    if (!asked.groups.empty() && ("," + asked.groups + ",").find("," + picture.group + ",") == std::string::npos) continue;
    const auto image = cv::imread((std::filesystem::path{asked.data} / path).string());
    if (image.empty()) throw std::runtime_error{"can't read the picture " + path + " in " + asked.data};
    ++pictures;
    const auto seen = timed(*net, image, net_s);
    of_net.add(picture, image.size(), seen);
    if (!cascade) continue;
    const auto also = timed(*cascade, image, cascade_s);
    of_cascade.add(picture, image.size(), also);
    of_both.add(picture, image.size(), vision::united({seen, also}));
  }
  if (pictures == 0) throw std::runtime_error{"no picture of the groups asked for"};
  std::printf("%s: %d pictures, %.1f ms CPU each\n", net->name().c_str(), pictures, 1000 * net_s / pictures);
  of_net.print();
  if (!cascade) return;
  std::printf("%s: %.1f ms CPU each\n", cascade->name().c_str(), 1000 * cascade_s / pictures);
  of_cascade.print();
  std::printf("both\n");
  of_both.print();
}

}  // namespace

int main(int argc, char** argv) try {
  cv::setNumThreads(1);
  evaluate(asked(argc, argv));
} catch (const std::exception& error) {
  std::cerr << "vision_eval: " << error.what() << '\n';
  return 1;
}
