#include "vision/model.hpp"

#include "core/sha256.hpp"

#include <ATen/Parallel.h>
#include <torch/script.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace cairn::vision {
namespace {

std::string bytes_of_file(const ModelSpec& spec) {
  std::ifstream file{spec.path, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || bytes.empty()) {
    throw std::runtime_error{"model " + spec.name + ": can't read " + spec.path + "; put the file there or mend its path in configs/models.yaml"};
  }
  return bytes;
}

/// The digest is of the very bytes that are parsed, so that the file can't change in between.
void check_digest(const ModelSpec& spec, const std::string& bytes) {
  const auto found = sha256_of(bytes).hex();
  if (found == spec.sha256) return;
  throw std::runtime_error{"model " + spec.name + ": " + spec.path + " has SHA-256 " + found + " but configs/models.yaml says " +
                           spec.sha256 + "; fetch the file again, or correct the entry if you replaced it on purpose"};
}

/// One thread per worker: more would make rounding depend on the machine's core count.
void use_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { at::set_num_threads(1); });
}

bool computes_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

void make_channels_last(torch::jit::Module& module) {
  for (auto parameter : module.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
  }
}

torch::jit::Module parsed(const ModelSpec& spec, const std::string& bytes, at::ScalarType type) {
  try {
    std::istringstream stream{bytes};
    auto module = torch::jit::load(stream, at::kCPU);
    module.eval();
    module.to(type);  // files may keep their weights as float16, for half the size
    make_channels_last(module);
    return torch::jit::freeze(module);
  } catch (const c10::Error& error) {
    throw std::runtime_error{"model " + spec.name + ": " + spec.path + " is not a TorchScript file that this libtorch reads: " +
                             error.what_without_backtrace()};
  }
}

Tensor copied(const at::Tensor& result) {
  const auto dense = result.to(at::kFloat).contiguous();
  const auto* first = dense.data_ptr<float>();
  return {dense.sizes().vec(), {first, first + dense.numel()}};
}

std::vector<Tensor> copied(const c10::IValue& result) {
  if (result.isTensor()) return {copied(result.toTensor())};
  std::vector<Tensor> tensors;
  if (result.isTuple()) {
    for (const auto& element : result.toTupleRef().elements()) tensors.push_back(copied(element.toTensor()));
  } else {
    for (const at::Tensor& element : result.toTensorVector()) tensors.push_back(copied(element));
  }
  return tensors;
}

class TorchModel final : public Model {
 public:
  TorchModel(std::string name, torch::jit::Module module, at::ScalarType type)
      : name_{std::move(name)}, module_{std::move(module)}, type_{type} {}

  std::vector<Tensor> run(const Tensor& input) override {
    check(input);
    try {
      const c10::InferenceMode no_gradients;
      // from_blob only looks at the caller's values; what follows copies them into the layout that the net wants.
      const auto image = torch::from_blob(const_cast<float*>(input.values.data()), input.shape);
      return copied(module_.forward({image.to(type_).contiguous(at::MemoryFormat::ChannelsLast)}));
    } catch (const std::exception& error) {
      throw std::runtime_error{"model " + name_ + " can't be run: " + error.what()};
    }
  }

  const std::string& name() const override { return name_; }

 private:
  void check(const Tensor& input) const {
    std::int64_t count = 1;
    for (const auto size : input.shape) count *= size;
    if (input.shape.size() == 4 && count > 0 && count == static_cast<std::int64_t>(input.values.size())) return;
    throw std::runtime_error{"model " + name_ + " can't be run: its input must be four sizes and as many values"};
  }

  std::string name_;
  torch::jit::Module module_;
  at::ScalarType type_;
};

}  // namespace

std::unique_ptr<Model> load_model(const ModelSpec& spec) {
  use_one_thread();
  const auto bytes = bytes_of_file(spec);
  check_digest(spec, bytes);
  const bool in_bfloat16 = spec.precision == Precision::bfloat16 && computes_bfloat16();
  const auto type = in_bfloat16 ? at::kBFloat16 : at::kFloat;
  return std::make_unique<TorchModel>(spec.name + (in_bfloat16 ? " bfloat16" : ""), parsed(spec, bytes, type), type);
}

}  // namespace cairn::vision
