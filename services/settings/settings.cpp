#include "services/settings/settings.hpp"

#include "core/without_password.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace cairn::services {
namespace {

SettingKey text_key(std::string name, std::string help, std::string& value) {
  return {std::move(name), std::move(help), [&value](const std::string& text) { value = text; }, [&value] { return value; }};
}

SettingKey whole_key(std::string name, std::string help, int& value, int least, int most) {
  const auto set = [&value, name, least, most](const std::string& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most) {
      throw std::runtime_error{name + " is '" + text + "': give a whole number from " + std::to_string(least) + " to " + std::to_string(most)};
    }
    value = number;
  };
  return {std::move(name), std::move(help), set, [&value] { return std::to_string(value); }};
}

SettingKey choice_key(std::string name, const std::vector<std::string>& choices, std::string& value) {
  std::string list;
  for (const auto& choice : choices) list += (list.empty() ? "" : ", ") + choice;
  const auto set = [&value, name, choices, list](const std::string& text) {
    if (std::ranges::find(choices, text) == choices.end()) throw std::runtime_error{name + " is '" + text + "': give one of " + list};
    value = text;
  };
  return {std::move(name), list, set, [&value] { return value; }};
}

SettingKey flag_key(std::string name, std::string help, bool& value) {
  const auto set = [&value, name](const std::string& text) {
    if (text != "true" && text != "false") throw std::runtime_error{name + " is '" + text + "': give true or false"};
    value = text == "true";
  };
  return {std::move(name), std::move(help), set, [&value] { return std::string{value ? "true" : "false"}; }};
}

std::string replaced(std::string text, char from, char to) {
  std::ranges::replace(text, from, to);
  return text;
}

std::string environment_name_of(const std::string& key) {
  auto name = "CAIRN_" + replaced(key, '.', '_');
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

void read_node(const YAML::Node& node, const std::string& prefix, std::vector<SettingKey>& keys, const std::string& file) {
  for (const auto& entry : node) {
    const auto name = prefix + entry.first.as<std::string>();
    if (entry.second.IsMap()) {
      read_node(entry.second, name + ".", keys, file);
      continue;
    }
    const auto key = std::ranges::find(keys, name, &SettingKey::name);
    if (key == keys.end()) throw std::runtime_error{file + ": there is no setting '" + name + "'; configs/cairn.yaml lists all"};
    key->set(entry.second.IsNull() ? "" : entry.second.as<std::string>());
  }
}

}  // namespace

std::string Settings::database_url() const {
  return data.database.empty() ? "sqlite://" + (std::filesystem::absolute(data.dir) / "catalogue.db").string() : data.database;
}
std::filesystem::path Settings::blob_folder() const {
  return data.blobs.empty() ? std::filesystem::absolute(data.dir) / "blobs" : std::filesystem::path{data.blobs};
}
std::filesystem::path Settings::archive_folder() const {
  return data.archives.empty() ? std::filesystem::absolute(data.dir) / "archives" : std::filesystem::absolute(data.archives);
}
std::filesystem::path Settings::bundle_folder() const { return std::filesystem::path{data.dir} / "bundles"; }
std::filesystem::path Settings::models_file() const {
  return worker.models.empty() ? share_folder() / "configs" / "models.yaml" : std::filesystem::path{worker.models};
}
std::filesystem::path Settings::policy_file() const {
  return rewards.policy.empty() ? share_folder() / "configs" / "rewards" / "default.yaml" : std::filesystem::path{rewards.policy};
}
std::filesystem::path Settings::web_folder() const {
  if (!http.web.empty()) return http.web;
  const auto installed = share_folder() / "web";
  return std::filesystem::exists(installed) ? installed : share_folder() / "services" / "web" / "dist";
}
std::string Settings::bus_address() const {
  return bus.address.empty() ? "ipc://" + (std::filesystem::absolute(data.dir) / "run" / "bus").string() : bus.address;
}

std::vector<SettingKey> keys_of(Settings& s) {
  return {
      text_key("data.dir", "folder that holds everything of this instance", s.data.dir),
      text_key("data.database", "catalogue: sqlite:///file or postgresql://…; empty: SQLite in data.dir", s.data.database),
      text_key("data.blobs", "folder of pictures and tiles; empty: blobs/ in data.dir", s.data.blobs),
      text_key("data.archives", "folder of the operator's own archives of tiles (.pmtiles, .mbtiles), served beside the map; empty: archives/ in data.dir", s.data.archives),
      whole_key("data.orphan_grace_s", "a received file that no row names is deleted after so long (a crash left it), in seconds; 0: never",
                s.data.orphan_grace_s, 0, 1 << 30),
      whole_key("data.changes_d", "days that the feed of changes reaches back; whoever comes later takes a full export; 0: for ever", s.data.changes_d, 0, 36'500),
      text_key("http.listen", "address to listen on; any but loopback makes uploads need a token", s.http.listen),
      whole_key("http.port", "port to listen on; 0: any free one", s.http.port, 0, 65535),
      text_key("http.web", "folder of the built map page; empty: the one that ships", s.http.web),
      text_key("http.base_url", "how clients reach this server; empty: from each request", s.http.base_url),
      flag_key("http.require_token", "uploads need a token on loopback, too", s.http.require_token),
      flag_key("http.open_registration", "anyone may make an account", s.http.open_registration),
      text_key("http.token_secret_file", "file that tokens are signed with, the same for all gateways; empty: token-secret in data.dir, made when it is not there",
               s.http.token_secret_file),
      whole_key("http.most_upload_mb", "largest file taken, in MB", s.http.most_upload_mb, 1, 1 << 20),
      flag_key("http.trust_proxy", "believe X-Forwarded-For and X-Forwarded-Proto: only behind an ingress that sets them", s.http.trust_proxy),
      whole_key("http.connections", "open connections; above it the one that is idle for longest makes room", s.http.connections, 1, 1 << 20),
      whole_key("http.connections_per_address", "open connections of one address, so that it can't take all", s.http.connections_per_address, 1, 1 << 20),
      whole_key("http.uploads_at_once", "bodies read at once; above it 429: more would only wait for the disk", s.http.uploads_at_once, 1, 1 << 16),
      whole_key("http.address_requests_per_s", "of one address in the long run, ten seconds' worth at once (a map page asks for some 100); 0: no limit",
                s.http.address_requests_per_s, 0, 1 << 20),
      whole_key("http.account_uploads_per_s", "of one account's tokens, likewise (a fleet's card reader sends 100); 0: no limit", s.http.account_uploads_per_s, 0, 1 << 20),
      whole_key("http.account_files_per_day", "of one account's tokens, in a day of UTC; 0: no limit", s.http.account_files_per_day, 0, 1 << 30),
      whole_key("http.account_gb_per_day", "likewise (500: eight cameras at 8 Mbit/s for 16 hours); 0: no limit", s.http.account_gb_per_day, 0, 1 << 20),
      whole_key("http.waiting_files", "files that wait for decoding; above it uploads get 429: that is hours of work", s.http.waiting_files, 1, 1 << 30),
      whole_key("http.token_tiles_per_day", "tiles that the holder of a token may fetch in a day (UTC); above it 429. 0: no limit", s.http.token_tiles_per_day, 0, 1 << 30),
      whole_key("http.tile_cache_mb", "memory for tiles held ready to be sent", s.http.tile_cache_mb, 1, 1 << 20),
      whole_key("http.disk_floor_mb", "free disk that workers need; below it uploads get 507", s.http.disk_floor_mb, 0, 1 << 30),
      text_key("bus.address", "where coordinator and workers meet: ipc:///… or tcp://127.0.0.1:…; empty: ipc in data.dir", s.bus.address),
      whole_key("worker.processes", "workers that `cairn up` starts; 0: one per core", s.worker.processes, 0, 256),
      text_key("worker.stages", "stages a worker takes, apart by commas", s.worker.stages),
      text_key("worker.models", "models.yaml; empty: the one that ships", s.worker.models),
      whole_key("worker.stall_s", "a worker that stands still at one frame for so long ends, and another tries, three times at most, in seconds", s.worker.stall_s, 1, 86'400),
      text_key("worker.abort_on_file", "for tests: a worker dies when it decodes a file of this name", s.worker.abort_on_file),
      text_key("worker.stall_on_file", "for tests: a worker hangs when it decodes a file of this name", s.worker.stall_on_file),
      whole_key("jobs.lease_s", "a job whose worker is silent for so long runs again, in seconds", s.jobs.lease_s, 2, 3600),
      whole_key("jobs.quiet_set_s", "an upload set without a word for so long is taken for complete, in seconds", s.jobs.quiet_set_s, 1, 1 << 24),
      whole_key("tiles.debounce_ms", "how long a changed tile of zoom 14 waits for more changes; lower zooms 5, 10, 20 times as long",
                s.tiles.debounce_ms, 0, 2000),
      text_key("map.title", "what the map is called", s.map.title),
      text_key("map.description", "what it is, in a sentence", s.map.description),
      text_key("map.licence", "under which everything public is handed on: an identifier of SPDX", s.map.licence_id),
      text_key("map.licence_url", "where its text is", s.map.licence_url),
      text_key("map.attribution", "who is to be named wherever the map is shown", s.map.attribution),
      text_key("rewards.policy", "reward policy; empty: the one that ships", s.rewards.policy),
      whole_key("rewards.epoch_h", "length of an epoch in hours; 0: only `cairn rewards close` closes one", s.rewards.epoch_h, 0, 24 * 366),
      choice_key("log.level", {"trace", "debug", "info", "warn", "error"}, s.log.level),
  };
}

void read_settings_file(Settings& settings, const std::filesystem::path& file) {
  auto keys = keys_of(settings);
  try {
    read_node(YAML::LoadFile(file.string()), "", keys, file.string());
  } catch (const YAML::Exception& error) {
    throw std::runtime_error{"can't read the settings file " + file.string() + ": " + error.what()};
  }
}

void read_settings_environment(Settings& settings, const std::function<const char*(const char*)>& environment) {
  for (auto& key : keys_of(settings)) {
    if (const char* value = environment(environment_name_of(key.name).c_str())) key.set(value);
  }
}

void add_settings_flags(CLI::App& app, Settings& settings) {
  // Flags are gathered first and set last, whatever their order on the line.
  struct Gathered {
    std::string file;
    std::map<std::string, std::string> values;
  };
  const auto gathered = std::make_shared<Gathered>();
  app.add_option("--config", gathered->file, "settings file (YAML); see configs/cairn.yaml")->check(CLI::ExistingFile);
  for (const auto& key : keys_of(settings)) {
    auto flag = "--" + replaced(replaced(key.name, '.', '-'), '_', '-');
    if (key.name == "data.dir") flag += ",--data";
    if (key.name == "http.port") flag += ",--port";
    app.add_option_function<std::string>(flag, [gathered, name = key.name](const std::string& value) { gathered->values[name] = value; },
                                         key.help)
        ->group("Settings");
  }
  app.parse_complete_callback([gathered, &settings] {
    try {
      if (!gathered->file.empty()) read_settings_file(settings, gathered->file);
      read_settings_environment(settings, [](const char* name) { return std::getenv(name); });
      for (auto& key : keys_of(settings)) {
        if (const auto found = gathered->values.find(key.name); found != gathered->values.end()) key.set(found->second);
      }
    } catch (const std::runtime_error& error) {
      throw CLI::ValidationError{error.what()};
    }
  });
}

std::string settings_as_yaml(Settings settings) {
  std::string text;
  std::string group;
  for (const auto& key : keys_of(settings)) {
    const auto dot = key.name.find('.');
    if (key.name.substr(0, dot) != group) {
      group = key.name.substr(0, dot);
      text += group + ":\n";
    }
    const auto value = without_password(key.get());
    text += "  " + key.name.substr(dot + 1) + ": " + (value.empty() ? "\"\"" : value) + "  # " + key.help + "\n";
  }
  return text;
}

std::vector<std::string> settings_as_environment(Settings settings) {
  std::vector<std::string> lines;
  for (const auto& key : keys_of(settings)) lines.push_back(environment_name_of(key.name) + "=" + key.get());
  return lines;
}

std::filesystem::path share_folder() {
  if (const char* folder = std::getenv("CAIRN_SHARE")) return folder;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (auto folder = program.parent_path(); !error && folder.has_relative_path(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "share" / "cairn" / "configs")) return folder / "share" / "cairn";
    if (std::filesystem::exists(folder / "configs" / "cairn.yaml")) return folder;
  }
  return std::filesystem::current_path();
}

void start_logging(const std::string& process, const std::string& level) {
  auto logger = spdlog::stderr_logger_mt(process);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ " + process + "[%P] %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

}  // namespace cairn::services
