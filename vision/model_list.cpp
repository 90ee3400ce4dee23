#include "vision/model_list.hpp"

#include "core/sha256.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace cairn::vision {
namespace {

[[noreturn]] void refuse(const YAML::Node& node, const std::string& what) {
  throw std::runtime_error{"models.yaml, line " + std::to_string(node.Mark().line + 1) + ": " + what};
}

void check_keys(const YAML::Node& node, std::initializer_list<std::string_view> known) {
  if (!node.IsMap()) refuse(node, "expected keys with values");
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (std::find(known.begin(), known.end(), key) == known.end()) refuse(entry.first, "unknown key \"" + key + "\"");
  }
}

std::string text_at(const YAML::Node& entry, const char* key) {
  const auto node = entry[key];
  if (!node || !node.IsScalar() || node.Scalar().empty()) refuse(entry, std::string{"a model needs the key \""} + key + "\"");
  return node.Scalar();
}

Precision precision_of(const YAML::Node& entry) {
  if (!entry["precision"]) return Precision::float32;
  const auto text = text_at(entry, "precision");
  if (text != "float32" && text != "bfloat16") refuse(entry["precision"], "precision must be float32 or bfloat16");
  return text == "float32" ? Precision::float32 : Precision::bfloat16;
}

std::vector<ObjectClass> classes_of(const YAML::Node& list) {
  if (!list.IsSequence() || list.size() == 0) refuse(list, "classes must be a list of at least one class");
  std::vector<ObjectClass> classes;
  for (const auto& entry : list) {
    const auto object = object_class_from_code(entry.as<std::string>());
    if (!object) refuse(entry, "unknown class \"" + entry.as<std::string>() + "\"");
    if (std::find(classes.begin(), classes.end(), *object) != classes.end()) refuse(entry, "a class is given twice");
    classes.push_back(*object);
  }
  return classes;
}

HideScores hide_scores_of(const YAML::Node& entry) {
  check_keys(entry, {"plate", "head", "person", "vehicle"});
  HideScores scores;
  const auto read = [&](const char* key, double& score) {
    if (!entry[key]) return;
    score = entry[key].as<double>();
    if (!(score > 0 && score < 1)) refuse(entry[key], std::string{"the score of "} + key + " must lie between 0 and 1");
  };
  read("plate", scores.plate);
  read("head", scores.head);
  read("person", scores.person);
  read("vehicle", scores.vehicle);
  return scores;
}

ModelSpec model_of(const YAML::Node& entry, const std::string& folder) {
  check_keys(entry, {"name", "path", "sha256", "precision", "classes", "hide"});
  ModelSpec spec{.name = text_at(entry, "name"), .path = text_at(entry, "path"), .sha256 = text_at(entry, "sha256")};
  spec.precision = precision_of(entry);
  if (entry["classes"]) spec.classes = classes_of(entry["classes"]);
  if (entry["hide"]) spec.hide = hide_scores_of(entry["hide"]);
  if (!Sha256::from_hex(spec.sha256)) refuse(entry["sha256"], "sha256 must be 64 hexadecimal digits");
  spec.path = (std::filesystem::path{folder} / spec.path).lexically_normal().string();  // an absolute path stays
  return spec;
}

}  // namespace

std::vector<ModelSpec> models_from_yaml(std::string_view yaml, const std::string& folder) try {
  const auto root = YAML::Load(std::string{yaml});
  check_keys(root, {"models"});
  if (!root["models"] || !root["models"].IsSequence()) refuse(root, "expected a list \"models\"");
  std::vector<ModelSpec> models;
  for (const auto& entry : root["models"]) {
    auto model = model_of(entry, folder);
    const auto same = [&](const ModelSpec& other) { return other.name == model.name; };
    if (std::any_of(models.begin(), models.end(), same)) refuse(entry, "the name \"" + model.name + "\" is given twice");
    models.push_back(std::move(model));
  }
  return models;
} catch (const YAML::Exception& error) {
  throw std::runtime_error{std::string{"models.yaml: "} + error.what()};
}

const ModelSpec& model_named(const std::vector<ModelSpec>& models, std::string_view name) {
  const auto is_named = [&](const ModelSpec& model) { return model.name == name || model.name.substr(0, model.name.rfind(' ')) == name; };
  const auto last = std::find_if(models.rbegin(), models.rend(), is_named);
  if (last != models.rend()) return *last;
  std::string names;
  for (const auto& model : models) names += names.empty() ? model.name : ", " + model.name;
  throw std::runtime_error{"no model \"" + std::string{name} + "\" in models.yaml; there are: " + names};
}

}  // namespace cairn::vision
