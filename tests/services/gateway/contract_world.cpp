#include "tests/services/gateway/contract_world.hpp"

#include "services/store/accounts.hpp"
#include "services/store/sequences.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/shared_data.hpp"

#include <fstream>
#include <regex>

namespace cairn::testing {
namespace {

using nlohmann::json;

const std::regex kUuid{"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"};

/// "a.jpg <206777 bytes> image/jpeg": a picture of ours that is the same whenever size and series are the same.
std::string file_part(const std::string& field, const std::string& text, int series) {
  static const std::regex form{"(.*) <(\\d+) bytes> (.*)"};
  std::smatch found;
  if (!std::regex_match(text, found, form)) return "--cut\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + text + "\r\n";
  const int size = std::stoi(found[2]);
  Tags tags;
  if (size != 249'288 && size != 249'501) tags = tags + time_tags();
  if (size != 249'288 && size != 249'492) tags = tags + place_tags();
  tags = tags + Tags{{"Exif.Image.Make", "Bench"}, {"Exif.Image.Model", "Cam1"}, {"Exif.Photo.FocalLength", "24/1"}, {"Exif.Photo.FocalLengthIn35mmFilm", "24"}, {"Exif.GPSInfo.GPSImgDirectionRef", "T"}, {"Exif.GPSInfo.GPSImgDirection", "90/1"}};
  const auto bytes = make_jpeg(1000 + size % 1000, 300 + 8 * series);
  std::string content{text_of(with_tags(bytes, tags))};
  if (size <= 10) content.assign(static_cast<std::size_t>(size), 'x');
  if (size == 30'000) content.resize(content.size() * 2 / 3);
  return "--cut\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + std::string{found[1]} + "\"\r\nContent-Type: " + std::string{found[3]} +
         "\r\n\r\n" + content + "\r\n";
}

/// The object of that name, or an empty one.
json object_at(const json& request, const char* name) { return request.contains(name) && request[name].is_object() ? request[name] : json::object(); }

struct Sent {
  std::string type, body;
};
Sent body_of(const json& request, const ContractWorld& world, int series) {
  if (request.contains("json")) return {"application/json", world.with_our_ids(request["json"].dump())};
  const auto fields = object_at(request, "data");
  if (request.contains("data") && request["data"].is_string()) return {object_at(request, "headers").value("Content-Type", "text/plain"), request["data"]};
  if (request.contains("files")) {
    std::string form;
    for (const auto& [name, value] : fields.items()) form += file_part(name, world.with_our_ids(value), series);
    for (const auto& [name, value] : request["files"].items()) form += file_part(name, value, series);
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

LatLon east_of_start(double metres) { return moved(*LatLon::from_degrees(55.698, 13.195), {metres, 0}); }

}  // namespace

std::filesystem::path contract_samples() {
  static const auto folder = shared_path("panoramax-samples", "CAIRN_CONTRACTS").value_or(std::filesystem::path{});
  return folder;
}

json recorded(const std::string& sample) {
  std::ifstream stream{contract_samples() / (sample + ".json")};
  return stream ? json::parse(stream) : json{};
}

ContractWorld::ContractWorld() {
  for (const bool closed : {false, true}) {
    gateway::GatewayOptions options;
    options.port = 0;
    options.data = scratch_.path();
    options.database = scratch_.database();
    options.io_threads = 1;
    options.limits.disk_floor = 0;
    options.auth_required = closed;
    gateways_[closed] = std::make_unique<gateway::Gateway>(options, [] { return kNow; });
    servers_[closed] = std::make_unique<gateway::HttpServer>(*gateways_[closed]);
  }
  store::Session session{scratch_.database()};
  session.write([&](store::Session& writer) {
    local_ = store::account_named(writer, "local", kNow).id;
    owner_ = store::make_token(writer, local_, "", "upload read", kNow);
    other_ = store::make_token(writer, store::account_named(writer, "other", kNow).id, "", "upload read", kNow);
  });
  ours_["dee51b01"] = local_.text();
  make_drives();
  make_sets();
}

void ContractWorld::make_drives() {
  store::Session session{scratch_.database()};
  const auto make = [&](DriveToMake wanted) {
    wanted.account = local_;
    return make_drive(session, gateways_[0]->blobs(), wanted);
  };
  const auto street = make({.name = "street"});
  ours_["b13f38a7"] = street.sequence.text();
  ours_["78a15eda"] = street.frames[2].id.text();
  const auto beside = make({.name = "beside", .start = east_of_start(6)});
  const auto round = make({.name = "round", .frames = 2, .projection = Projection::equirectangular, .redacted = make_jpeg(1024, 512), .start = east_of_start(500)});
  ours_["59e89bba"] = round.sequence.text();
  ours_["16224be5"] = round.frames[0].id.text();
  const auto waiting = make({.name = "waiting", .frames = 1, .ready = false, .announced = 2, .start = east_of_start(900)});
  ours_["abdd1767"] = waiting.sequence.text();
  ours_["a93aa9a0"] = waiting.frames[0].id.text();
  ours_["93ea50c9"] = ours_["080ce24f"] = waiting.set.text();
  const HttpClient client{servers_[0]->port()};
  const std::string tags = R"({"semantics": [{"key": "k", "value": "v"}]})";
  for (const auto& drive : {street, beside, round}) client.request("PATCH", "/api/collections/" + drive.sequence.text(), "application/json", tags);
  for (const int number : {0, 2}) client.request("PATCH", "/api/pictures/" + street.frames[static_cast<std::size_t>(number)].id.text(), "application/json", tags);
}

void ContractWorld::make_sets() {
  const HttpClient client{servers_[0]->port()};
  for (const char* set : {"bdd5d8b8", "89c46a8f", "f90c677a", "b2ee38d3", "f9627921", "1341343a", "earlier"}) {
    ours_[set] = client.post_json("/api/upload_sets", {{"title", set}, {"estimated_nb_files", 50}}).json()["id"];
  }
  // The recorded server had seen this picture without time and place before.
  const auto stated = [](const std::string& name, const std::string& value) { return file_part("override_" + name, value, 0); };
  client.post("/api/upload_sets/" + ours_["earlier"] + "/files", "multipart/form-data; boundary=cut",
              stated("capture_time", "2026-03-01T10:00:00+01:00") + stated("latitude", "55.5") + stated("longitude", "13.1") +
                  file_part("file", "ov.jpg <249288 bytes> image/jpeg", 0) + "--cut--\r\n");
}

std::string ContractWorld::with_our_ids(std::string text) const {
  std::string result;
  std::smatch found;
  while (std::regex_search(text, found, kUuid)) {
    result += found.prefix();
    const auto known = ours_.contains(found.str()) ? ours_.find(found.str()) : ours_.find(found.str().substr(0, 8));
    result += known != ours_.end() ? known->second : found.str();
    text = found.suffix();
  }
  return std::regex_replace(result + text, std::regex{"q=def\\b"}, "q=loc");  // a part of the account's name
}

void ContractWorld::learn(const json& theirs, const json& mine) {
  if (!theirs.is_object() || !mine.is_object()) return;
  for (const char* name : {"id", "picture_id"}) {
    const bool both = theirs.contains(name) && mine.contains(name) && theirs[name].is_string();
    if (both && !ours_.contains(theirs[name].get<std::string>().substr(0, 8))) ours_[theirs[name]] = mine[name];
  }
  if (mine.contains("jwt_token")) generated_ = mine["jwt_token"];
}

void ContractWorld::claim_token() {
  store::Session session{scratch_.database()};
  session.write([&](store::Session& writer) {
    for (const auto& [theirs, mine] : ours_) store::claim_token(writer, mine, local_);
  });
}

void ContractWorld::run_pipeline(const json& request) {
  std::smatch id;
  const auto path = with_our_ids(request["path"]);
  if (!std::regex_search(path, id, kUuid)) return;
  store::Session session{scratch_.database()};
  session.write([&](store::Session& writer) { finish_sequence(writer, gateways_[0]->blobs(), *SequenceId::parse(id.str())); });
}

std::string ContractWorld::authorization_of(const Step& step, const json& request) const {
  switch (step.who) {
    case Who::owner: return "Bearer " + owner_;
    case Who::other: return "Bearer " + other_;
    case Who::program: return "Bearer " + generated_;
    case Who::nonsense: return request["headers"]["Authorization"];
    default: return {};
  }
}

Answer ContractWorld::ask(const Step& step, const json& request) const {
  std::string headers;
  if (const auto authorization = authorization_of(step, request); !authorization.empty()) headers += "Authorization: " + authorization + "\r\n";
  const auto given = object_at(request, "headers");
  for (const auto& [name, value] : given.items()) {
    if (name != "Authorization" && name != "Content-Type") headers += name + ": " + value.get<std::string>() + "\r\n";
  }
  const auto sent = body_of(request, *this, step.series);
  const HttpClient client{servers_[step.who == Who::local ? 0 : 1]->port()};
  return client.request(request["method"], with_escapes(with_our_ids(request["path"])), sent.type, sent.body, headers);
}

}  // namespace cairn::testing
