#pragma once
// Waiting for what becomes of an upload, and saying how far it is.

#include "services/cli/http_client.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace cairn::cli {

/// Reads server-sent events (WHATWG HTML, 9.2.6) as far as Cairn sends them: "event" and "data" of one line each. Pieces may end
/// anywhere; a line of more than 1 MiB is no event of ours and throws HttpTrouble.
class EventReader {
 public:
  explicit EventReader(std::function<void(const std::string& name, const std::string& data)> on_event) : on_event_{std::move(on_event)} {}
  void add(std::string_view piece);

 private:
  void take_line(const std::string& line);
  std::function<void(const std::string&, const std::string&)> on_event_;
  std::string unread_;
  std::string name_;
  std::string data_;
};

/// How far an upload is, in a line: "checking: 40 of 300 files have their verdict, 12 jobs of others go first, about 3 min left".
/// `summary` is the data of a `progress` event (docs/uploads.md).
std::string waiting_line(const nlohmann::json& summary);

/// Follows the events of the set at `set_path` ("/api/upload_sets/ID") until every frame has its verdict; where they can't be followed,
/// asks now and then. Returns the set's last status. Throws HttpTrouble or std::runtime_error when the server stays away.
nlohmann::json wait_for_verdicts(HttpClient& client, const std::string& set_path);

}  // namespace cairn::cli
