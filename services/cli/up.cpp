#include "services/cli/commands.hpp"
#include "services/cli/http_client.hpp"
#include "services/cli/processes.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/database.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

namespace cairn::cli {
namespace {

using namespace std::chrono_literals;
using services::Settings;

std::atomic<bool> stop_asked{false};
extern "C" void stop_up(int) { stop_asked = true; }

std::filesystem::path folder_of_programs() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

/// Held while an instance runs on a data folder; two would fight over it.
void claim(const std::filesystem::path& data) {
  std::filesystem::create_directories(data / "run");
  const auto lock = data / "run" / "up.lock";
  const int file = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) throw std::system_error{errno, std::generic_category(), "can't open " + lock.string()};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    throw std::runtime_error{"another `cairn up` already runs on " + data.string() + ": stop it, or give another --data-dir"};
  }
}

/// A gateway that dies must come back where its clients look for it, so "any free port" is chosen here, once.
int free_port(const std::string& listen) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, listen.c_str(), &address.sin_addr);
  socklen_t size = sizeof address;
  const bool bound = ::bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(handle);
  if (!bound) throw std::runtime_error{"no port is free on " + listen + ": name one with --port, or an IPv4 address with --http-listen"};
  return ntohs(address.sin_port);
}

/// Nothing when a signal came before.
std::optional<std::string> address_once_ready(const std::filesystem::path& data, Watch& watch) {
  const auto file = data / "run" / "address";
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < deadline) {
    if (stop_asked) return std::nullopt;
    watch.tend();
    std::ifstream stream{file};
    std::string url;
    if (std::getline(stream, url) && !url.empty()) {
      try {
        if (HttpClient{url, ""}.get("/readyz").status == 200) return url;
      } catch (const HttpTrouble&) {
        // not yet
      }
    }
    std::this_thread::sleep_for(50ms);
  }
  throw std::runtime_error{"the gateway did not become ready within 60 s; its messages above say why"};
}

using Running = std::vector<std::pair<std::string, pid_t>>;
void write_pids(const std::filesystem::path& data, const Running& running) {
  const auto file = data / "run" / "pids";
  std::ofstream stream{file.string() + ".part"};
  for (const auto& [name, pid] : running) stream << pid << " " << name << "\n";
  stream.close();
  std::filesystem::rename(file.string() + ".part", file);
}

/// Not as flags: a command line is open to everybody on the machine, and the address of a database may hold a password.
void start_all(Watch& watch, const Settings& settings) {
  const auto programs = folder_of_programs();
  const auto told = services::settings_as_environment(settings);
  watch.start({"gateway", programs / "cairn-gateway", told});
  watch.start({"coordinator", programs / "cairn-coordinator", told});
  const int workers = settings.worker.processes > 0 ? settings.worker.processes : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int i = 1; i <= workers; ++i) watch.start({"worker " + std::to_string(i), programs / "cairn-worker", told});
  watch.start({"rewarder", programs / "cairn-rewarder", told});
}

int run_up(Settings settings) {
  services::start_logging("cairn", settings.log.level);
  std::signal(SIGINT, stop_up);
  std::signal(SIGTERM, stop_up);
  const auto data = std::filesystem::absolute(settings.data.dir);
  claim(data);
  std::filesystem::remove(data / "run" / "address");
  std::filesystem::remove(data / "run" / "ready");
  {
    store::Session session{{settings.database_url()}};
    store::migrate(session);
  }

  if (settings.http.port == 0) settings.http.port = free_port(settings.http.listen);
  Watch watch;
  start_all(watch, settings);
  if (const auto url = address_once_ready(data, watch)) {
    std::ofstream{data / "run" / "ready"} << *url << "\n";
    std::cout << "Cairn is up: " << *url << "\n" << std::flush;
  }
  for (Running told; !stop_asked;) {
    watch.tend();
    if (auto running = watch.running(); running != told) write_pids(data, told = std::move(running));
    std::this_thread::sleep_for(100ms);
  }
  spdlog::info("stopping");
  watch.stop(30s);
  return 0;
}

}  // namespace

void add_up_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("up", "Run everything on this machine");
  const auto settings = std::make_shared<Settings>();
  services::add_settings_flags(*command, *settings);
  command->footer("Examples:\n  cairn up\n  cairn up --data /srv/cairn --port 8080\n  cairn up --http-listen 0.0.0.0   (uploads then need a token: cairn token create)");
  command->callback([settings, &code] { code = run_up(*settings); });
}

}  // namespace cairn::cli
