#pragma once
// Everything that can be set, from the file, the environment and flags; later wins. configs/cairn.yaml lists every key.

#include "core/terms.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cairn::services {

struct Settings {
  struct {
    std::string dir = "cairn-data";
    std::string database;                 ///< empty: sqlite in dir
    std::string blobs;                    ///< empty: dir/blobs
    std::string archives;                 ///< of tiles from elsewhere; empty: dir/archives
    int orphan_grace_s = 86'400;          ///< 0: never swept
    int changes_d = 90;                   ///< days that the feed of changes reaches back; 0: for ever
  } data;
  struct {
    std::string listen = "127.0.0.1";
    int port = 8080;                      ///< 0: any free one; it is printed
    std::string web;                      ///< the built map page; empty: the one that ships
    std::string base_url;                 ///< as clients see it; empty: from the request
    bool require_token = false;           ///< on loopback too
    bool open_registration = false;       ///< anyone may make an account
    std::string token_secret_file;        ///< signs tokens; empty: token-secret in data.dir, made when it is not there
    int most_upload_mb = 4096;
    bool trust_proxy = false;             ///< behind an ingress only
    int connections = 4096;
    int connections_per_address = 256;
    int uploads_at_once = 128;
    int address_requests_per_s = 200;     ///< this and the next three: 0: no limit
    int account_uploads_per_s = 100;
    int account_files_per_day = 500'000;
    int account_gb_per_day = 500;
    int waiting_files = 100'000;
    int token_tiles_per_day = 0;          ///< 0: no limit
    int tile_cache_mb = 64;
    int disk_floor_mb = 1024;
  } http;
  struct {
    std::string address;                  ///< empty: ipc in dir
  } bus;
  struct {
    int processes = 0;                    ///< of `cairn up`; 0: one per core
    std::string stages = "decode,assemble,inspect,fuse,merge,tile";
    std::string models;                   ///< models.yaml; empty: the one that ships
    int stall_s = 600;                    ///< at one frame: the worker is taken for hung and ends
    std::string abort_on_file;            ///< for tests: the worker dies when it decodes a file of this name
    std::string stall_on_file;            ///< for tests: it hangs there
  } worker;
  struct {
    int lease_s = 30;
    int quiet_set_s = 3600;               ///< an upload set without a word for so long is taken for complete
  } jobs;
  struct {
    int debounce_ms = 200;                ///< from zoom 14 on; five times as long from 10, ten from 6, twenty below
  } tiles;
  Terms map;
  struct {
    std::string policy;                   ///< empty: configs/rewards/default.yaml that ships
    int epoch_h = 168;                    ///< length of an epoch in hours; 0: only `cairn rewards close` closes one
  } rewards;
  struct {
    std::string level = "info";
  } log;

  std::string database_url() const;
  std::filesystem::path blob_folder() const;
  std::filesystem::path archive_folder() const;
  /// Of closed epochs, one folder each.
  std::filesystem::path bundle_folder() const;
  /// What is named, or what ships with the program.
  std::filesystem::path models_file() const;
  std::filesystem::path policy_file() const;
  std::filesystem::path web_folder() const;
  std::string bus_address() const;
};

/// One key: its dotted name, what it means, and its value as text.
struct SettingKey {
  std::string name;
  std::string help;
  std::function<void(const std::string&)> set;   ///< throws std::runtime_error with the key and what it takes
  std::function<std::string()> get;
};
/// All keys of a Settings object, which must outlive the list.
std::vector<SettingKey> keys_of(Settings& settings);

/// Reads a YAML file into settings. An unknown key is an error that says where all are listed.
void read_settings_file(Settings&, const std::filesystem::path& file);
/// CAIRN_DATA_DIR=… sets data.dir, and so on.
void read_settings_environment(Settings&, const std::function<const char*(const char*)>& environment);
/// Adds --config and one flag per key (--data-dir for data.dir) to a command; parsing fills `settings` in the right order:
/// file, environment, flags.
void add_settings_flags(CLI::App& app, Settings& settings);

/// The whole of it as YAML, in the order of the keys, without the database's password.
std::string settings_as_yaml(Settings settings);
/// Every key as a line "CAIRN_DATA_DIR=…", the empty ones too: a process that gets them all runs with just these settings.
std::vector<std::string> settings_as_environment(Settings settings);

/// The folder that holds what ships beside the program (web/, models, policies): the source tree or <prefix>/share/cairn.
std::filesystem::path share_folder();

/// Logging to standard error at the set level, with process name and id.
void start_logging(const std::string& process, const std::string& level);

}  // namespace cairn::services
