#include "services/worker/models.hpp"

#include "vision/model_list.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cairn::worker {
namespace {

constexpr const char* kDetector = "mapnet-s";

std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw std::runtime_error{"can't read " + file.string() + ": set worker.models to a models.yaml"};
  return text.str();
}

}  // namespace

std::unique_ptr<vision::Inspector> load_inspector(const std::filesystem::path& models_yaml) {
  const auto models = vision::models_from_yaml(text_of_file(models_yaml), models_yaml.parent_path().string());
  const auto& model = vision::model_named(models, kDetector);
  vision::InspectRules rules;
  rules.hide = model.hide;
  std::vector<std::unique_ptr<vision::Detector>> detectors;
  detectors.push_back(vision::make_net_detector(vision::load_model(model), model.classes, static_cast<float>(model.hide.least())));
  detectors.push_back(vision::make_face_cascade());
  return std::make_unique<vision::Inspector>(std::move(detectors), rules);
}

}  // namespace cairn::worker
