// Mapillary's upload protocol, as mapillary_tools speaks it.

#include "services/gateway/mapillary/archive.hpp"
#include "services/gateway/mapillary/protocol.hpp"
#include "services/gateway/receive/partial_file.hpp"
#include "services/store/accounts.hpp"
#include "services/store/jobs.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/make_zip.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"
#include "tests/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::gateway;
using nlohmann::json;

namespace {

std::string md5_name(const std::string& bytes) { return "mly_tools_" + sha256_of(bytes).hex().substr(0, 32) + ".jpg"; }

/// The requests of mapillary_tools, one connection each.
struct Tools {
  const Served& served;
  std::string token = {};

  std::string auth() const { return token.empty() ? "" : "Authorization: OAuth " + token + "\r\n"; }
  Answer offset(const std::string& key) const { return served.client().get("/mapillary/upload/" + key, auth()); }
  Answer post(const std::string& key, std::size_t offset, const std::string& bytes) const {
    std::array<char, 32> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    const auto chunk = bytes.empty() ? "" : size.data() + bytes + "\r\n";
    return served.client().send("POST /mapillary/upload/" + key + " HTTP/1.1\r\nHost: cairn.test\r\nConnection: close\r\n" + auth() + "Offset: " + std::to_string(offset) +
                                "\r\nX-Entity-Name: " + key + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n");
  }
  std::string sent(const std::string& key, const std::string& bytes) const {
    const auto there = offset(key).json()["offset"].get<std::size_t>();
    const auto answer = post(key, there, bytes.substr(std::min(there, bytes.size())));
    REQUIRE(answer.status == 200);
    return answer.json()["h"];
  }
  Answer finish(const std::string& handle, const std::string& type) const {
    return served.client().post("/mapillary/finish_upload", "application/json", json{{"file_handle", handle}, {"file_type", type}}.dump(), auth());
  }
  Answer finish_pictures(const std::vector<std::string>& handles, const std::string& key = "uuid_1.json") const {
    return finish(sent(key, json{{"image_handles", handles}, {"upload_type", "images"}, {"version", "1"}}.dump()), "mly_bundle_manifest");
  }
};

json files_of(const Served& served, const Answer& finished) {
  return served.client().get(files_url(finished.json()["cluster_id"].get<std::string>())).json()["files"];
}

std::string written(const ScratchFolder& scratch, const std::string& bytes) {
  const auto path = scratch.path() / "archive.zip";
  std::ofstream{path, std::ios::binary} << bytes;
  return path.string();
}

/// Names and contents of an archive, or the sentence that says why not.
std::pair<std::vector<std::pair<std::string, std::string>>, std::string> read(const std::string& zip, const mapillary::ArchiveLimits& limits = {}) {
  const ScratchFolder scratch;
  std::vector<std::pair<std::string, std::string>> files;
  auto problem = mapillary::read_archive(written(scratch, zip), limits, {[&](const std::string& name) { files.emplace_back(name, ""); },
                                                                         [&](ByteView bytes) { files.back().second += text_of(bytes); }, [] {}});
  return {files, problem};
}

}  // namespace

TEST_CASE("pictures and their manifest become one completed upload set, whose id is the cluster's") {
  const Served served;
  const Tools tools{served};
  std::vector<std::string> handles;
  for (const int width : {400, 404}) handles.push_back(tools.sent(md5_name(picture(width)), picture(width)));
  const auto finished = tools.finish_pictures(handles);
  REQUIRE(finished.status == 200);
  REQUIRE(files_of(served, finished).size() == 2);
  REQUIRE(served.client().get("/api/upload_sets/" + finished.json()["cluster_id"].get<std::string>()).json()["completed"] == true);
  REQUIRE(std::filesystem::is_empty(served.folder() / "incoming"));
  REQUIRE(tools.finish_pictures(handles).json() == finished.json());
}

TEST_CASE("an upload that broke off goes on from its offset, a wrong one is 412, to be tried again at once") {
  const Served served;
  const Tools tools{served};
  const auto bytes = picture(400);
  const auto key = md5_name(bytes);
  REQUIRE(tools.offset(key).json()["offset"] == 0);
  REQUIRE(tools.post(key, 0, bytes.substr(0, 100)).status == 200);
  REQUIRE(tools.offset(key).json()["offset"] == 100);
  const auto wrong = tools.post(key, 50, bytes.substr(50));
  REQUIRE(wrong.status == 412);
  REQUIRE(wrong.json()["debug_info"]["retriable"] == true);
  REQUIRE(wrong.json()["debug_info"]["type"] == "OffsetInvalidError");
  const auto handle = tools.post(key, 100, bytes.substr(100)).json()["h"].get<std::string>();
  REQUIRE(tools.post(key, bytes.size(), "").json()["h"] == handle);
  REQUIRE(files_of(served, tools.finish_pictures({handle}))[0]["content_md5"].get<std::string>().size() == 32);
}

TEST_CASE("the same picture sent by another protocol before, with other metadata, is recognised") {
  const Served served;
  const Tools tools{served};
  REQUIRE(served.client().post_file(files_url(new_set(served)), "a.jpg", picture(400)).status == 202);
  const auto rewritten = picture(400, false);
  REQUIRE(rewritten != picture(400));
  const auto finished = tools.finish_pictures({tools.sent(md5_name(rewritten), rewritten)});
  REQUIRE(finished.status == 200);
  REQUIRE(files_of(served, finished)[0]["rejected"]["reason"] == "file_duplicate");
}

TEST_CASE("a street photo sent plainly, then with another ImageDescription by Mapillary's protocol, is one picture", "[shared]") {
  const auto path = shared_path("drives/lund/01.jpg");
  if (!path) return;
  std::ifstream stream{*path, std::ios::binary};
  const std::string plain{std::istreambuf_iterator<char>{stream}, {}};
  const std::string description = R"({"MAPLatitude":55.698,"MAPLongitude":13.195,"MAPCaptureTime":"2018_06_08_20_24_11_000","MAPSequenceUUID":"other"})";
  const auto whole = bytes_of(plain);
  const std::string rewritten{text_of(with_tags({whole.begin(), whole.end()}, {{"Exif.Image.ImageDescription", description}}))};
  REQUIRE(rewritten != plain);
  const Served served;
  const Tools tools{served};
  REQUIRE(served.client().post_file(files_url(new_set(served)), "01.jpg", plain).status == 202);
  const auto finished = tools.finish_pictures({tools.sent(md5_name(rewritten), rewritten)});
  REQUIRE(files_of(served, finished)[0]["rejected"]["reason"] == "file_duplicate");
}

TEST_CASE("when nothing is taken the sender is told why, and may send again") {
  const Served served;
  const Tools tools{served};
  const auto finished = tools.finish_pictures({tools.sent("mly_tools_x.jpg", "junk")});
  REQUIRE(finished.status == 400);
  REQUIRE(finished.json()["error"]["message"].get<std::string>().starts_with("Nothing of this upload was taken: The file is of no supported kind"));
  REQUIRE(finished.json()["debug_info"]["retriable"] == false);
  REQUIRE(tools.offset("mly_tools_x.jpg").json()["offset"] == 0);
}

TEST_CASE("an archive's pictures go the same way as single ones") {
  const Served served;
  const Tools tools{served};
  const auto zip = make_zip({{"a/1.jpg", picture(400)}, {"2.jpg", picture(404)}, {"junk.jpg", "junk"}});
  const auto finished = tools.finish(tools.sent("mly_tools_1.zip", zip), "zip");
  REQUIRE(finished.status == 200);
  REQUIRE(finished.json()["taken"] == 2);
  REQUIRE(finished.json()["refused"][0]["name"] == "junk.jpg");
  REQUIRE(files_of(served, finished).size() == 3);
  const auto bad = tools.finish(tools.sent("mly_tools_2.zip", make_zip({{"1.jpg", picture(408)}, {"../2.jpg", picture(412)}})), "zip");
  REQUIRE(bad.status == 400);
  auto session = served.session();
  REQUIRE(store::upload_sets_of(session, store::account_named(session, "local", kNow).id, 10, store::Filter{}).size() == 2);
}

TEST_CASE("a video is one file of a set") {
  const Served served;
  const Tools tools{served};
  const auto finished = tools.finish(tools.sent("mly_tools_v.mp4", picture(400)), "mly_camm_video");
  REQUIRE(finished.status == 200);
  REQUIRE(files_of(served, finished)[0]["file_name"] == "mly_tools_v.mp4");
}

TEST_CASE("what is no request of the protocol is refused with a sentence") {
  const Served served;
  const Tools tools{served};
  REQUIRE(tools.offset("..%2fx").status == 400);
  REQUIRE(tools.offset(".hidden").status == 400);
  REQUIRE(served.client().post("/mapillary/upload/a.jpg", "application/octet-stream", "x").json()["debug_info"]["type"] == "InvalidOffsetError");
  REQUIRE(tools.finish("junk", "zip").status == 400);
  REQUIRE(tools.finish("0a7e804e-086e-49b0-ad8b-47977f16273b", "zip").status == 400);
  const auto handle = tools.sent("a.jpg", "x");
  REQUIRE(tools.finish(handle, "tar").status == 400);
  REQUIRE(tools.finish(handle, "zip").json()["error"]["message"] == "The file is no zip archive");
  REQUIRE(tools.finish(tools.sent("uuid_2.json", "[]"), "mly_bundle_manifest").status == 400);
  REQUIRE(tools.finish_pictures({"0a7e804e-086e-49b0-ad8b-47977f16273b"}, "uuid_3.json").json()["error"]["message"] == "A picture of the manifest is not there: send it again");
  const auto writer = PartialFile::open(served.folder() / "incoming" / handle);
  REQUIRE(tools.post("a.jpg", 1, "y").status == 503);
}

TEST_CASE("tokens: me tells whose, login gives back one that is valid, uploads of others can't be finished") {
  GatewayOptions options;
  options.auth_required = true;
  const Served served{options};
  const auto token_of = [&](const std::string& name) {
    auto session = served.session();
    std::string token;
    session.write([&](store::Session& writer) { token = store::make_token(writer, store::account_named(writer, name, kNow).id, "", "upload read", kNow); });
    return token;
  };
  const Tools ann{served, token_of("ann")};
  const Tools bob{served, token_of("bob")};
  const auto me = served.client().get("/mapillary/me?fields=id,username", ann.auth());
  REQUIRE(me.json()["username"] == "ann");
  REQUIRE(served.client().get("/mapillary/me").status == 401);
  REQUIRE(Tools{served}.offset("a.jpg").status == 401);
  const auto app = "Authorization: OAuth MLY|5675|6b02\r\n";
  const auto login = [&](const std::string& password) {
    return served.client().post("/mapillary/login", "application/json", json{{"email", "ann@example.org"}, {"password", password}, {"locale", "en_US"}}.dump(), app);
  };
  REQUIRE(login(ann.token).json() == json{{"access_token", ann.token}, {"user_id", me.json()["id"]}});
  REQUIRE(login("guess").status == 401);
  REQUIRE(served.client().post("/mapillary/logging", "application/json", "{}", app).status == 200);
  REQUIRE(bob.finish(ann.sent("a.jpg", "x"), "zip").status == 400);
}

TEST_CASE("archives: plain files come out as they went in, folders are passed over") {
  const std::string large(300'000, 'x');
  const auto [files, problem] = read(make_zip({{"folder/", ""}, {"folder/a.jpg", "aaa"}, {"b.jpg", large}}));
  REQUIRE(problem.empty());
  REQUIRE(files == std::vector<std::pair<std::string, std::string>>{{"a.jpg", "aaa"}, {"b.jpg", large}});
}

TEST_CASE("archives that climb out, link, lie or explode are refused or harmless") {
  for (const char* name : {"../a", "a/../../b", "/etc/passwd", "a\\..\\..\\b", "C:\\x"}) {
    CAPTURE(name);
    REQUIRE(read(make_zip({{name, "x"}})).second.starts_with("The archive has a file whose name leaves it"));
  }
  const auto linked = read(make_zip({{"link:a.jpg", "/etc/passwd"}})).first;
  REQUIRE((linked.empty() || linked[0].second == "/etc/passwd"));
  const auto bomb = make_zip({{"a", std::string(20'000'000, '\0')}});
  REQUIRE(bomb.size() < 100'000);
  REQUIRE(read(bomb, {.all_files = 1'000'000}).second.starts_with("The archive unpacks to far more"));
  REQUIRE(read(bomb, {.largest_file = 1'000'000}).second.starts_with("The archive has a file that is larger"));
  REQUIRE(read(make_zip({{"a", "1"}, {"b", "2"}, {"c", "3"}}), {.files = 2}).second == "The archive holds more than 2 files");
  const auto whole = make_zip({{"a", "1"}, {"b", std::string(5000, 'x') + "y"}});
  REQUIRE_FALSE(read(whole.substr(0, whole.size() / 3)).second.empty());
  REQUIRE(read("junk").second == "The file is no zip archive");
  REQUIRE_FALSE(read("").second.empty());
}
