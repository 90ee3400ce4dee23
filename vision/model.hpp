#pragma once
// A trained model behind our own words, so that another runtime can replace libtorch. Only model_torch.cpp knows torch.

#include "vision/hide.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cairn::vision {

/// Dense float32 values, row-major.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// Runs one model. Not thread-safe: one per worker thread.
class Model {
 public:
  virtual ~Model() = default;
  /// Input NCHW, in the range the model's card names. Throws std::runtime_error with the model's name when it can't be run.
  virtual std::vector<Tensor> run(const Tensor& input) = 0;
  /// "mapnet-s 1": name and version, as stored with everything that the model decided; " bfloat16" follows where it ran so.
  virtual const std::string& name() const = 0;
};

/// What a model computes in. bfloat16 takes a third of the time, on processors with AVX512-BF16; on others the model runs in
/// float32, since there bfloat16 would be slower. Scores differ by about 0.01 between the two.
enum class Precision : std::uint8_t { float32, bfloat16 };

/// What configs/models.yaml says about a model.
struct ModelSpec {
  std::string name;
  std::string path;    ///< a TorchScript file
  std::string sha256;  ///< of the file; a mismatch refuses to load
  Precision precision = Precision::float32;
  std::vector<ObjectClass> classes{kObjectClasses.begin(), kObjectClasses.end()};  ///< what its channels stand for, in their order
  HideScores hide;     ///< from which of its scores on redaction hides
};

/// Loads a TorchScript model for the CPU: frozen, channels-last, one thread. Throws when the file is missing, its digest
/// differs or it can't be read, with a sentence that says what to do.
std::unique_ptr<Model> load_model(const ModelSpec&);

}  // namespace cairn::vision
