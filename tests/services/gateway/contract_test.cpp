// Walks the requests that were recorded at a Panoramax server against ours, on equivalent data and in an order that makes
// them meaningful: status, fields and their JSON types. What differs on purpose stands in contract_differences.txt; every other
// difference is printed for judgement. What fails the test is a request that we can't answer.

#include "services/store/accounts.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/services/gateway/contract_steps.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// Empty where the recordings are absent.
std::filesystem::path samples() {
  static const auto folder = shared_path("panoramax-samples", "CAIRN_CONTRACTS").value_or(std::filesystem::path{});
  return folder;
}

json recorded(const std::string& name) {
  std::ifstream stream{samples() / (name + ".json")};
  return stream ? json::parse(stream) : json{};
}

/// One catalogue behind two servers: `open` takes uploads without a token, `closed` asks for one.
struct World {
  ScratchFolder scratch;
  std::unique_ptr<gateway::Gateway> gateways[2];
  std::unique_ptr<gateway::HttpServer> servers[2];
  std::map<std::string, std::string> ours;      ///< their ids -> our ids
  std::string owner, other;                     ///< tokens

  World() {
    for (const bool closed : {false, true}) {
      gateway::GatewayOptions options;
      options.port = 0;
      options.data = scratch.path();
      options.database = scratch.database();
      options.io_threads = 1;
      options.limits.disk_floor = 0;
      options.auth_required = closed;
      gateways[closed] = std::make_unique<gateway::Gateway>(options, [] { return kNow; });
      servers[closed] = std::make_unique<gateway::HttpServer>(*gateways[closed]);
    }
    store::Session session{scratch.database()};
    AccountId local;
    session.write([&](store::Session& writer) {
      local = store::account_named(writer, "local", kNow).id;
      owner = store::make_token(writer, local, "", "upload read", kNow);
      other = store::make_token(writer, store::account_named(writer, "other", kNow).id, "", "upload read", kNow);
    });
    ours["dee51b01-9650-49e2-8fa1-7e087984e766"] = local.text();
    const auto make = [&](DriveToMake wanted) {
      wanted.account = local;
      return make_drive(session, gateways[0]->blobs(), wanted);
    };
    const auto near = [](double east_m) { return moved(*LatLon::from_degrees(55.698, 13.195), {east_m, 0}); };
    const auto street = make({.name = "street"});
    ours["b13f38a7-83ac-4d3c-8a0a-98b92a98c59c"] = street.sequence.text();
    ours["78a15eda-eeb3-44bd-9949-2951216eb1cb"] = street.frames[2].id.text();
    make({.name = "beside", .start = near(6)});
    const auto round = make({.name = "round", .frames = 2, .projection = Projection::equirectangular, .start = near(500)});
    ours["59e89bba"] = round.sequence.text();
    ours["16224be5"] = round.frames[0].id.text();
    const auto waiting = make({.name = "waiting", .frames = 1, .ready = false, .start = near(900)});
    ours["abdd1767"] = waiting.sequence.text();
    ours["a93aa9a0"] = waiting.frames[0].id.text();
    ours["93ea50c9"] = waiting.set.text();
    ours["080ce24f"] = waiting.set.text();
    for (const char* set : {"bdd5d8b8", "89c46a8f", "f90c677a", "b2ee38d3", "f9627921", "1341343a", "c0ffee00"}) {
      const auto made = HttpClient{servers[0]->port()}.post_json("/api/upload_sets", {{"title", set}, {"estimated_nb_files", 50}});
      ours[set] = made.json()["id"];
    }
    const auto bare = text_of(make_jpeg(1288));
    HttpClient{servers[0]->port()}.post_file("/api/upload_sets/" + ours["c0ffee00"] + "/files", "ov.jpg", std::string{bare},
                                             {{"override_capture_time", "2026-03-01T10:00:00+01:00"}, {"override_latitude", "55.5"}, {"override_longitude", "13.1"}});
  }

  std::string with_our_ids(std::string text) const {
    static const std::regex uuid{"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"};
    std::string result;
    std::smatch found;
    while (std::regex_search(text, found, uuid)) {
      result += found.prefix();
      const auto known = ours.contains(found.str()) ? ours.find(found.str()) : ours.find(found.str().substr(0, 8));
      result += known != ours.end() ? known->second : found.str();
      text = found.suffix();
    }
    return result + text;
  }
  /// What both call id is the same thing from now on.
  void learn(const json& theirs, const json& mine) {
    for (const char* name : {"id", "picture_id"}) {
      if (theirs.is_object() && mine.is_object() && theirs.contains(name) && mine.contains(name) && theirs[name].is_string()) ours[theirs[name]] = mine[name];
    }
  }
};

/// "a.jpg <206777 bytes> image/jpeg": a picture of ours that is the same whenever the size is the same.
std::string file_part(const std::string& field, const std::string& text) {
  static const std::regex form{"(.*) <(\\d+) bytes> (.*)"};
  std::smatch found;
  if (!std::regex_match(text, found, form)) return "--cut\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + text + "\r\n";
  const int size = std::stoi(found[2]);
  std::string bytes(static_cast<std::size_t>(std::min(size, 10)), 'x');
  Tags tags;
  if (size != 249'288 && size != 249'501) tags = tags + time_tags();
  if (size != 249'288 && size != 249'492) tags = tags + place_tags();
  if (size > 10) bytes = text_of(tags.empty() ? make_jpeg(1000 + size % 1000) : with_tags(make_jpeg(1000 + size % 1000), tags));
  if (size == 30'000) bytes.resize(bytes.size() * 2 / 3);
  return "--cut\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + std::string{found[1]} + "\"\r\nContent-Type: " + std::string{found[3]} +
         "\r\n\r\n" + bytes + "\r\n";
}

/// The object of that name, or an empty one.
json object_at(const json& request, const char* name) { return request.contains(name) && request[name].is_object() ? request[name] : json::object(); }

struct Sent {
  std::string type, body;
};
Sent body_of(const json& request, const World& world) {
  if (request.contains("json")) return {"application/json", world.with_our_ids(request["json"].dump())};
  const auto fields = object_at(request, "data");
  if (request.contains("data") && request["data"].is_string()) return {object_at(request, "headers").value("Content-Type", "text/plain"), request["data"]};
  if (request.contains("files")) {
    std::string form;
    for (const auto& [name, value] : fields.items()) form += file_part(name, world.with_our_ids(value));
    for (const auto& [name, value] : request["files"].items()) form += file_part(name, value);
    return {"multipart/form-data; boundary=cut", form + "--cut--\r\n"};
  }
  std::string form;
  for (const auto& [name, value] : fields.items()) form += (form.empty() ? "" : "&") + name + "=" + value.get<std::string>();
  return form.empty() ? Sent{} : Sent{"application/x-www-form-urlencoded", form};
}

std::string with_escapes(const std::string& path) {
  std::string escaped;
  for (const char c : path) escaped += std::string_view{" \"<>{}"}.find(c) == std::string_view::npos ? std::string{c} : gateway::percent_encoded(std::string{c});
  return escaped;
}

Answer ask(const World& world, const json& request, Who who) {
  std::string headers;
  if (who == Who::owner) headers += "Authorization: Bearer " + world.owner + "\r\n";
  if (who == Who::other) headers += "Authorization: Bearer " + world.other + "\r\n";
  if (who == Who::nonsense) headers += "Authorization: " + request["headers"]["Authorization"].get<std::string>() + "\r\n";
  const auto given = object_at(request, "headers");
  for (const auto& [name, value] : given.items()) {
    if (name != "Authorization" && name != "Content-Type") headers += name + ": " + value.get<std::string>() + "\r\n";
  }
  const auto sent = body_of(request, world);
  const HttpClient client{world.servers[who == Who::local ? 0 : 1]->port()};
  return client.request(request["method"], with_escapes(world.with_our_ids(request["path"])), sent.type, sent.body, headers);
}

bool same_kind(const json& a, const json& b) { return (a.is_number() && b.is_number()) || a.type() == b.type(); }

std::set<std::string> rels_of(const json& links) {
  std::set<std::string> rels;
  for (const auto& link : links) rels.insert(link.value("rel", ""));
  return rels;
}

/// Fields of theirs that ours lacks or has with another type; lists by their first elements, links by their relations.
void compare(const json& theirs, const json& mine, const std::string& path, std::vector<std::string>& found) {
  if (!same_kind(theirs, mine)) return found.push_back(path + " has another type");
  if (theirs.is_array() && path.ends_with("links")) {
    const auto rels = rels_of(mine);
    for (const auto& rel : rels_of(theirs)) {
      if (!rels.contains(rel)) found.push_back(path + "[" + rel + "] is missing");
    }
    return;
  }
  if (theirs.is_array() && !theirs.empty()) {
    if (mine.empty()) return found.push_back(path + " is empty");
    compare(theirs[0], mine[0], path + "[]", found);
  }
  if (!theirs.is_object()) return;
  for (const auto& [name, value] : theirs.items()) {
    const auto below = path.empty() ? name : path + "." + name;
    if (mine.contains(name)) {
      compare(value, mine[name], below, found);
    } else {
      found.push_back(below + " is missing");
    }
  }
}

/// The lines "sample: finding | reason".
std::vector<std::string> intended_differences() {
  std::vector<std::string> entries;
  std::ifstream stream{std::filesystem::path{CAIRN_SOURCE_DIR} / "tests/services/gateway/contract_differences.txt"};
  for (std::string line; std::getline(stream, line);) {
    if (const auto cut = line.find(" | "); cut != std::string::npos && !line.starts_with('#')) entries.push_back(line.substr(0, cut));
  }
  return entries;
}

/// Whether the table names this finding; an entry "sample: finding" is for one sample, "*: finding" for all; a * at its end
/// stands for any rest.
bool is_intended(const std::string& sample, const std::string& finding, const std::vector<std::string>& table, std::set<std::string>& used) {
  for (const auto& what : table) {
    const std::string_view entry{what};
    const auto colon = entry.find(": ");
    const auto name = entry.substr(0, colon);
    auto pattern = entry.substr(colon + 2);
    const bool open = pattern.ends_with('*');
    if (open) pattern.remove_suffix(1);
    const bool fits = open ? finding.find(pattern) == 0 : finding == pattern;
    if ((name == "*" || name == sample) && fits) return used.insert(what), true;
  }
  return false;
}

std::vector<std::string> findings(const json& sample, const Answer& answer) {
  std::vector<std::string> found;
  if (answer.status != sample["status"].get<int>())
    found.push_back("status " + std::to_string(answer.status) + " instead of " + std::to_string(sample["status"].get<int>()));
  const auto& body = sample["body"];
  if (!body.is_object()) return found;
  const auto mine = json::parse(answer.body, nullptr, false);
  if (mine.is_discarded()) return found.push_back("the body is no JSON"), found;
  if (found.empty()) compare(body, mine, "", found);
  return found;
}

}  // namespace

TEST_CASE("every recorded request gets an answer from us, and what differs is printed", "[shared]") {
  if (samples().empty()) return;
  World world;
  const auto table = intended_differences();
  std::set<std::string> walked, used;
  std::vector<std::string> unexpected, unanswered;
  int exact = 0;
  for (const auto& step : kSteps) {
    const auto sample = recorded(step.sample);
    REQUIRE(sample.contains("request"));
    const auto answer = ask(world, sample["request"], step.who);
    const auto mine = json::parse(answer.body, nullptr, false);
    world.learn(sample["body"], mine);
    if (answer.status == 0 || answer.status >= 500) unanswered.push_back(std::string{step.sample} + ": " + std::to_string(answer.status));
    const auto found = findings(sample, answer);
    exact += found.empty() ? 1 : 0;
    for (const auto& finding : found) {
      if (!is_intended(step.sample, finding, table, used)) unexpected.push_back(std::string{step.sample} + ": " + finding + (finding.starts_with("status") ? " " + answer.body.substr(0, 160) : ""));
    }
    walked.insert(step.sample);
  }
  std::size_t all = 0;
  std::string left;
  for (const auto& entry : std::filesystem::directory_iterator{samples()}) {
    const auto name = entry.path().stem().string();
    if (name.starts_with("_") || !recorded(name).contains("request")) continue;
    ++all;
    if (!walked.contains(name)) left += " " + name;
  }
  std::cout << "contract: " << walked.size() << " of " << all << " recorded requests walked, " << exact << " without any difference; left:" << left << "\n";
  for (const auto& what : table) {
    if (!used.contains(what)) unexpected.push_back("the table's difference '" + what + "' is none");
  }
  for (const auto& line : unexpected) std::cout << "contract: " << line << "\n";
  REQUIRE(unanswered == std::vector<std::string>{});
}
