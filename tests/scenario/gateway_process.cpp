#include "tests/scenario/gateway_process.hpp"

#include <fstream>

namespace cairn::testing {

GatewayProcess::GatewayProcess(std::vector<std::string> flags, std::filesystem::path data)
    : flags_{std::move(flags)}, data_{data.empty() ? scratch_.path() / "data" : std::move(data)} {
  start();
}

void GatewayProcess::start() {
  const auto address = data() / "run" / "address";
  std::filesystem::remove(address);
  std::vector<std::string> words{program("cairn-gateway").string(), "--data", data_.string(), "--http-port", "0", "--log-level", "warn"};
  words.insert(words.end(), flags_.begin(), flags_.end());
  process_.emplace(words);
  std::string url;
  wait_for("the gateway", std::chrono::seconds{60}, [&] {
    std::ifstream stream{address};
    return static_cast<bool>(std::getline(stream, url));
  });
  port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

void GatewayProcess::kill_and_start() {
  process_->kill();
  start();
}

double GatewayProcess::memory_mib() const {
  std::ifstream stream{"/proc/" + std::to_string(pid()) + "/status"};
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

}  // namespace cairn::testing
