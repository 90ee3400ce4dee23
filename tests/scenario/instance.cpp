#include "tests/scenario/instance.hpp"

#include "services/store/rows.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

namespace cairn::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

pid_t started(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment, int output) {
  std::vector<std::string> copies = words;
  std::vector<char*> argv;
  for (auto& word : copies) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (output >= 0) ::dup2(output, STDOUT_FILENO);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  return pid;
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

CommandResult run_command(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  const pid_t pid = started(words, environment, ends[1]);
  ::close(ends[1]);
  CommandResult result;
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) result.output.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  result.code = code_of(status);
  return result;
}

Running::Running(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment) : pid_{started(words, environment, -1)} {}

void Running::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int Running::terminate() {
  int status = 0;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return code_of(status);
}

fs::path program(const std::string& name) { return fs::path{CAIRN_PROGRAMS} / name; }

void wait_for(const std::string& what, std::chrono::seconds limit, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"waited in vain for " + what};
    std::this_thread::sleep_for(20ms);
  }
}

std::vector<fs::path> sample_drives() {
  std::vector<fs::path> drives;
  for (const auto& entry : fs::directory_iterator{fs::path{CAIRN_SOURCE} / "data-samples"}) {
    if (fs::exists(entry.path() / "000.jpg")) drives.push_back(entry.path());
  }
  std::ranges::sort(drives);
  return drives;
}

Instance::Instance(std::vector<std::string> flags) : flags_{std::move(flags)} { start(); }
Instance::~Instance() { stop(); }

void Instance::start() {
  fs::create_directories(data());
  fs::remove(data() / "run" / "ready");
  std::vector<std::string> words{program("cairn").string(), "up", "--data", data().string(), "--port", "0", "--tiles-debounce-ms", "50",
                                 "--log-level", "warn", "--rewards-epoch-h", "0"};
  words.insert(words.end(), flags_.begin(), flags_.end());
  const int silent = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  pid_ = started(words, {}, silent);
  ::close(silent);
  wait_for("cairn up", 60s, [&] {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) throw std::runtime_error{"cairn up ended at once"};
    std::ifstream stream{data() / "run" / "ready"};
    return static_cast<bool>(std::getline(stream, url_)) && !url_.empty();
  });
}

void Instance::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

json Instance::upload(const std::vector<fs::path>& paths, const std::vector<std::string>& flags) {
  std::vector<std::string> words{program("cairn").string(), "upload", "--to", url_, "--json", "--fresh"};
  for (const auto& path : paths) words.push_back(path.string());
  words.insert(words.end(), flags.begin(), flags.end());
  const auto result = run_command(words);
  if (result.code != 0 && result.code != 3) throw std::runtime_error{"cairn upload ended with " + std::to_string(result.code)};
  return result.as_json();
}

CommandResult Instance::cairn(std::vector<std::string> words) const {
  words.insert(words.begin(), program("cairn").string());
  words.push_back("--data");
  words.push_back(data().string());
  return run_command(words);
}

std::string Instance::token_of(const std::string& account) const {
  auto token = cairn({"token", "create", "--account", account}).output;
  token.erase(token.find_last_not_of("\r\n") + 1);
  return token;
}

cli::HttpAnswer Instance::get_raw(const std::string& path) const { return cli::HttpClient{url_, ""}.get(path); }

json Instance::get(const std::string& path) const {
  const auto answer = get_raw(path);
  if (answer.status != 200) throw std::runtime_error{path + " answered " + std::to_string(answer.status) + " " + answer.body};
  return json::parse(answer.body);
}

json Instance::close_epoch() const { return cairn({"rewards", "close", "--end", "2030-01-01T00:00:00Z", "--json"}).as_json(); }

void Instance::wait_idle() const {
  wait_for("an empty queue", 300s, [&] {
    const auto status = get("/api/status");
    return std::ranges::all_of(status.at("queues"), [](const json& stage) { return stage.at("queued") == 0 && stage.at("leased") == 0; });
  });
}

std::map<std::string, pid_t> Instance::processes() const {
  std::map<std::string, pid_t> list;
  std::ifstream stream{data() / "run" / "pids"};
  pid_t pid = 0;
  std::string name;
  while (stream >> pid && std::getline(stream >> std::ws, name)) list[name] = pid;
  return list;
}

void Instance::kill_and_await_successor(const std::string& name) const {
  wait_for("the list of processes", 10s, [&] { return processes().contains(name); });
  const pid_t victim = processes().at(name);
  ::kill(victim, SIGKILL);
  wait_for("a new " + name, 30s, [&] {
    const auto list = processes();
    return list.contains(name) && list.at(name) != victim;
  });
}

std::vector<std::string> Instance::snapshot() const {
  store::Session session{{"sqlite://" + (data() / "catalogue.db").string()}};
  std::vector<std::string> lines;
  const auto add = [&](const std::string& what, const std::string& query) {
    soci::rowset<soci::row> rows = (session.sql().prepare << query);
    for (const auto& row : rows) lines.push_back(what + " " + store::text_of_row(row, "line"));
  };
  add("tile", "select tileset || '/' || zoom || '/' || x || '/' || y || ' ' || hash as line from tiles where hash <> ''");
  add("frame", "select id || ' ' || published || ' ' || coalesce(reason, '') || ' ' || coalesce(detail, '') || ' ' || coalesce(verdict, '') || ' ' || "
               "coalesce(hd, '') as line from frames");
  add("feature", "select id || ' ' || feature as line from features");
  add("refused", "select name || ' ' || coalesce(reason, '') as line from files where reason is not null");
  std::ranges::sort(lines);
  return lines;
}

}  // namespace cairn::testing
