#include "services/cli/processes.hpp"

#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace cairn::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Ours, with the program's own lines in place of those of the same names.
std::vector<std::string> environment_for(const Program& program) {
  auto lines = program.environment;
  const auto is_set = [&program](std::string_view line) {
    const auto name = line.substr(0, line.find('=') + 1);
    return std::ranges::any_of(program.environment, [name](const std::string& own) { return own.starts_with(name); });
  };
  for (char** line = environ; *line != nullptr; ++line) {
    if (!is_set(*line)) lines.emplace_back(*line);
  }
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& lines) {
  std::vector<char*> pointers;
  for (auto& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  return pointers;
}

pid_t started(const Program& program) {
  auto file = program.file.string();
  auto environment = environment_for(program);
  char* const argv[] = {file.data(), nullptr};
  const auto envp = pointers_to(environment);

  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error{"can't start " + program.name + ": " + std::strerror(errno)};
  if (pid == 0) {
    // The children go when we go, even by SIGKILL.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    ::execve(argv[0], argv, envp.data());
    ::_exit(127);
  }
  return pid;
}

std::string fate_of(int status) {
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Watch::~Watch() { stop(2s); }

void Watch::start(const Program& program) {
  if (::access(program.file.c_str(), X_OK) != 0) {
    throw std::runtime_error{"there is no program " + program.file.string() + ": build or install all of Cairn"};
  }
  children_.push_back({program, started(program), Clock::now(), {}, 0ms});
}

void Watch::tend() {
  for (auto& child : children_) {
    int status = 0;
    if (child.pid > 0 && ::waitpid(child.pid, &status, WNOHANG) == child.pid) {
      const bool ran_well = Clock::now() - child.started > 10s;
      child.pause = ran_well ? 100ms : std::clamp<std::chrono::milliseconds>(child.pause * 2, 100ms, 5000ms);
      spdlog::warn("{} {}; starting it again in {} ms", child.program.name, fate_of(status), child.pause.count());
      child.pid = -1;
      child.start_again_at = Clock::now() + child.pause;
    }
    if (child.pid < 0 && Clock::now() >= child.start_again_at) {
      child.pid = started(child.program);
      child.started = Clock::now();
    }
  }
}

void Watch::stop(std::chrono::seconds patience) {
  const auto deadline = Clock::now() + patience;
  for (auto& child : children_) {
    if (child.pid > 0) ::kill(child.pid, SIGTERM);
  }
  for (auto& child : children_) {
    while (child.pid > 0) {
      if (::waitpid(child.pid, nullptr, WNOHANG) == child.pid) {
        child.pid = -1;
      } else if (Clock::now() > deadline) {
        spdlog::warn("{} did not stop in time; killing it", child.program.name);
        ::kill(child.pid, SIGKILL);
        ::waitpid(child.pid, nullptr, 0);
        child.pid = -1;
      } else {
        std::this_thread::sleep_for(10ms);
      }
    }
  }
  children_.clear();
}

std::vector<std::pair<std::string, pid_t>> Watch::running() const {
  std::vector<std::pair<std::string, pid_t>> list;
  for (const auto& child : children_) {
    if (child.pid > 0) list.emplace_back(child.program.name, child.pid);
  }
  return list;
}

}  // namespace cairn::cli
