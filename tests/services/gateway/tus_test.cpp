// A tus 1.0 server, by its specification (tus.io/protocols/resumable-upload).

#include "core/base64.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/store/jobs.hpp"
#include "services/store/partial_uploads.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"

#include <fstream>
#include <thread>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

const std::string kTus = "Tus-Resumable: 1.0.0\r\n";
const std::string kBytes = "application/offset+octet-stream";

std::string pair(const std::string& key, const std::string& value) { return key + " " + base64_of(bytes_of(value)); }
std::string metadata(const std::string& set, const std::string& name) {
  return "Upload-Metadata: " + pair("upload_set", set) + "," + pair("filename", name) + "\r\n";
}

/// Requests of one client, each on a connection of its own.
struct Tus {
  const Served& served;

  Answer create(const std::string& headers) const { return request("POST", "/files", kTus + headers); }
  Answer create(std::size_t length, const std::string& headers) const { return create("Upload-Length: " + std::to_string(length) + "\r\n" + headers); }
  std::string created(std::size_t length, const std::string& headers = {}) const { return address(create(length, headers)); }
  Answer patch(const std::string& path, std::size_t offset, const std::string& body, const std::string& headers = {}) const {
    return request("PATCH", path, kTus + "Content-Type: " + kBytes + "\r\nUpload-Offset: " + std::to_string(offset) + "\r\n" + headers, body);
  }
  Answer head(const std::string& path) const { return request("HEAD", path, kTus); }
  std::string offset(const std::string& path) const { return head(path).header("Upload-Offset"); }

  Answer request(const std::string& method, const std::string& path, const std::string& headers, const std::string& body = {}) const {
    return served.client().send(method + " " + path + " HTTP/1.1\r\nHost: cairn.test\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                                headers + "\r\n" + body);
  }
  static std::string address(const Answer& answer) {
    const auto location = answer.header("Location");
    REQUIRE(location.starts_with("http://cairn.test/files/"));
    return location.substr(std::string{"http://cairn.test"}.size());
  }
};

json receipt(const Answer& answer) { return json::parse(answer.header("Cairn-Receipt")); }

std::filesystem::path bytes_of_upload(const Served& served, const std::string& path) { return served.folder() / "incoming" / path.substr(7); }

int decode_jobs(const Served& served) {
  auto session = served.session();
  for (const auto& depth : store::queue_depths(session)) {
    if (depth.stage == store::Stage::decode) return depth.queued;
  }
  return 0;
}

}  // namespace

TEST_CASE("a server says which versions, extensions, sizes and checksums it knows, without being asked for a version") {
  const Served served;
  const auto answer = Tus{served}.request("OPTIONS", "/files", "");
  REQUIRE(answer.status == 204);
  REQUIRE(answer.header("Tus-Version") == "1.0.0");
  REQUIRE(answer.header("Tus-Extension") == "creation,creation-with-upload,creation-defer-length,termination,checksum,concatenation,expiration");
  REQUIRE(answer.header("Tus-Max-Size") == std::to_string(std::uint64_t{4} << 30));
  REQUIRE(answer.header("Tus-Checksum-Algorithm") == "sha1,md5,sha256");
}

TEST_CASE("a picture in three pieces becomes a blob, a row and a job, and its sender gets the receipt") {
  const Served served;
  const Tus tus{served};
  const auto set = new_set(served);
  const auto bytes = picture(400);
  const auto path = tus.created(bytes.size(), metadata(set, "a.jpg"));
  REQUIRE(tus.offset(path) == "0");
  std::size_t offset = 0;
  for (const auto size : {bytes.size() / 3, bytes.size() / 2, bytes.size()}) {
    const auto piece = bytes.substr(offset, size);
    const auto answer = tus.patch(path, offset, piece);
    REQUIRE(answer.status == 204);
    offset += piece.size();
    REQUIRE(answer.header("Upload-Offset") == std::to_string(offset));
    REQUIRE(tus.offset(path) == std::to_string(offset));
    REQUIRE(answer.header("Cairn-Receipt").empty() == (offset < bytes.size()));
  }
  const auto told = receipt(tus.head(path));
  REQUIRE(told["outcome"] == "accepted");
  REQUIRE(told["name"] == "a.jpg");
  REQUIRE(told["upload_set_id"] == set);
  REQUIRE(tus.request("GET", path, "").json()["receipt"] == told);
  REQUIRE(text_of(*served.blobs().get(store::Namespace::private_, sha256_of(bytes))) == bytes);
  REQUIRE(served.client().get(files_url(set)).json()["files"][0]["content_md5"] == told["md5"]);
  REQUIRE(decode_jobs(served) == 1);
  REQUIRE_FALSE(std::filesystem::exists(bytes_of_upload(served, path)));
}

TEST_CASE("all bytes with the creation: one request, 201 with the receipt") {
  const Served served;
  const Tus tus{served};
  const auto set = new_set(served);
  const auto bytes = picture(400);
  const auto answer = tus.request("POST", "/files", kTus + "Upload-Length: " + std::to_string(bytes.size()) + "\r\nContent-Type: " + kBytes + "\r\n" + metadata(set, "a.jpg"), bytes);
  REQUIRE(answer.status == 201);
  REQUIRE(answer.header("Upload-Offset") == std::to_string(bytes.size()));
  REQUIRE(answer.json() == receipt(answer));
  REQUIRE(answer.json()["outcome"] == "accepted");
  REQUIRE(tus.offset(Tus::address(answer)) == std::to_string(bytes.size()));
  REQUIRE(std::filesystem::is_empty(served.folder() / "incoming"));
}

TEST_CASE("some bytes with the creation, the rest later") {
  const Served served;
  const Tus tus{served};
  const auto bytes = picture(400);
  const auto answer = tus.request("POST", "/files", kTus + "Upload-Length: " + std::to_string(bytes.size()) + "\r\nContent-Type: " + kBytes + "\r\n" + metadata(new_set(served), "a.jpg"), bytes.substr(0, 99));
  REQUIRE(answer.status == 201);
  REQUIRE(answer.header("Upload-Offset") == "99");
  REQUIRE(receipt(tus.patch(Tus::address(answer), 99, bytes.substr(99)))["outcome"] == "accepted");
}

TEST_CASE("a length may come later, once") {
  const Served served;
  const Tus tus{served};
  const auto bytes = picture(400);
  const auto path = Tus::address(tus.create("Upload-Defer-Length: 1\r\n" + metadata(new_set(served), "a.jpg")));
  REQUIRE(tus.head(path).header("Upload-Defer-Length") == "1");
  REQUIRE(tus.patch(path, 0, bytes.substr(0, 50)).status == 204);
  REQUIRE(tus.patch(path, 50, "", "Upload-Length: " + std::to_string(bytes.size()) + "\r\n").status == 204);
  REQUIRE(tus.head(path).header("Upload-Length") == std::to_string(bytes.size()));
  REQUIRE(tus.patch(path, 50, bytes.substr(50), "Upload-Length: 7777\r\n").status == 400);
  REQUIRE(receipt(tus.patch(path, 50, bytes.substr(50)))["outcome"] == "accepted");
}

TEST_CASE("what the pipeline refuses is refused with its reason, in the receipt") {
  const Served served;
  const Tus tus{served};
  const auto set = new_set(served);
  const auto send = [&](const std::string& name, const std::string& bytes) {
    const auto path = tus.created(bytes.size(), metadata(set, name));
    return receipt(bytes.empty() ? tus.head(path) : tus.patch(path, 0, bytes));
  };
  REQUIRE(send("junk.jpg", "junk")["reason"] == "not_supported");
  REQUIRE(send("nothing.jpg", "")["reason"] == "empty_file");
  const auto no_place = send("no_place.jpg", picture(400, false));
  REQUIRE(no_place["outcome"] == "refused");
  REQUIRE(no_place["reason"] == "no_place");
  REQUIRE_FALSE(no_place["message"].get<std::string>().empty());
  REQUIRE(send("a.jpg", picture(404))["outcome"] == "accepted");
  REQUIRE(send("again.jpg", picture(404))["outcome"] == "already_here");
  REQUIRE(send("a.jpg", picture(408))["outcome"] == "name_taken");
  REQUIRE(send("b.jpg", picture(404, false))["outcome"] == "sent_before");
  REQUIRE(decode_jobs(served) == 1);
}

TEST_CASE("metadata states what the file doesn't say, as a form's fields do") {
  const Served served;
  const Tus tus{served};
  const auto set = new_set(served);
  const auto bytes = picture(400, false);
  const auto place = pair("override_latitude", "55.7") + "," + pair("override_longitude", "13.2");
  const auto path = tus.created(bytes.size(), "Upload-Metadata: " + pair("upload_set", set) + "," + place + "\r\n");
  REQUIRE(receipt(tus.patch(path, 0, bytes))["outcome"] == "accepted");
  REQUIRE(tus.create(5, "Upload-Metadata: " + pair("override_latitude", "55.7") + "\r\n").status == 400);
  REQUIRE(tus.create(5, metadata(set, std::string(300, 'x'))).status == 400);
}

TEST_CASE("an upload that names no set goes to its account's set of the day, or of the session it names") {
  const Served served;
  const Tus tus{served};
  const auto send = [&](int width, const std::string& session) {
    const auto bytes = picture(width);
    const auto path = tus.created(bytes.size(), "User-Agent: uppy\r\n" + (session.empty() ? "" : "Upload-Metadata: " + pair("session", session) + "\r\n"));
    return receipt(tus.patch(path, 0, bytes))["upload_set_id"].get<std::string>();
  };
  const auto day = send(400, "");
  REQUIRE(send(404, "") == day);
  const auto ride = send(408, "ride 7");
  REQUIRE(ride != day);
  REQUIRE(send(412, "ride 7") == ride);
  REQUIRE(served.client().get("/api/upload_sets/" + day).json()["title"] == "Upload of 2026-05-01");
}

TEST_CASE("each mistake has its status") {
  const Served served;
  const Tus tus{served};
  const auto set = new_set(served);
  const auto path = tus.created(10, metadata(set, "a.jpg"));
  const auto nowhere = "/files/00000000-0000-4000-8000-000000000000";
  REQUIRE(tus.request("HEAD", path, "").status == 412);
  REQUIRE(tus.request("POST", "/files", "Upload-Length: 5\r\n").header("Tus-Version") == "1.0.0");
  REQUIRE(tus.patch(path, 3, "abc").status == 409);
  REQUIRE(tus.patch(path, 0, "0123456789a").status == 413);
  REQUIRE(tus.request("PATCH", path, kTus + "Upload-Offset: 0\r\nContent-Type: text/plain\r\n", "abc").status == 415);
  REQUIRE(tus.create((std::size_t{4} << 30) + 1, "").status == 413);
  REQUIRE(tus.head(nowhere).status == 404);
  REQUIRE(tus.patch(nowhere, 0, "abc").status == 404);
  REQUIRE(tus.head("/files/junk").status == 404);
  REQUIRE(tus.create(5, metadata(nowhere + 7, "a.jpg")).status == 404);
  REQUIRE(tus.request("POST", path, kTus, "abc").status == 405);
  REQUIRE(tus.offset(path) == "0");
}

TEST_CASE("whoever resumes goes on at once, however long the earlier connection is still held open, which adds nothing more") {
  const Served served;
  const Tus tus{served};
  const auto bytes = picture(400);
  const auto path = tus.created(bytes.size(), metadata(new_set(served), "a.jpg"));
  const auto head = [&](std::size_t offset) {
    return "PATCH " + path + " HTTP/1.1\r\nHost: a\r\n" + kTus + "Upload-Offset: " + std::to_string(offset) + "\r\nContent-Type: " + kBytes +
           "\r\nContent-Length: " + std::to_string(bytes.size() - offset) + "\r\n\r\n";
  };
  Sending half_open{served.client().port(), head(0) + bytes.substr(0, 100)};
  const auto reaches = [&](const std::string& offset) {
    for (int tries = 0; tries < 2000 && tus.offset(path) != offset; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    return tus.offset(path) == offset;
  };
  REQUIRE(reaches("100"));  // as they come, not only 64 kB together
  Sending also_gone{served.client().port(), head(100) + bytes.substr(100, 50)};
  REQUIRE(reaches("150"));
  half_open.add(bytes.substr(100));
  REQUIRE(half_open.rest(std::chrono::seconds{20}).starts_with("HTTP/1.1 423"));
  const auto answer = tus.patch(path, 150, bytes.substr(150));
  REQUIRE(answer.status == 204);
  REQUIRE(receipt(answer)["outcome"] == "accepted");
}

TEST_CASE("a second writer is told 423 and harms nothing while the first one finishes") {
  const Served served;
  const Tus tus{served};
  const auto path = tus.created(10, metadata(new_set(served), "a.jpg"));
  {
    const auto writer = gateway::PartialFile::open(bytes_of_upload(served, path));
    REQUIRE(tus.patch(path, 0, "abc").status == 423);
    REQUIRE(tus.request("DELETE", path, kTus).status == 423);
    REQUIRE(tus.offset(path) == "0");
  }
  REQUIRE(tus.patch(path, 0, "abc").status == 204);
}

TEST_CASE("bytes with a wrong checksum are thrown away, those with the right one stay") {
  const Served served;
  const Tus tus{served};
  const auto path = tus.created(20, metadata(new_set(served), "a.jpg"));
  const std::string sha1 = "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n";  // of hello world
  REQUIRE(tus.patch(path, 0, "hello earth", sha1).status == 460);
  REQUIRE(tus.offset(path) == "0");
  REQUIRE(tus.patch(path, 0, "hello world", sha1).status == 204);
  REQUIRE(tus.offset(path) == "11");
  REQUIRE(tus.patch(path, 11, "x", "Upload-Checksum: crc32 AAAA\r\n").status == 400);
  const auto creation = kTus + "Upload-Length: 20\r\nContent-Type: " + kBytes + "\r\n" + sha1;
  REQUIRE(tus.request("POST", "/files", creation, "hello earth").status == 460);
  REQUIRE(tus.request("POST", "/files", creation, "hello world").header("Upload-Offset") == "11");
}

TEST_CASE("a body that breaks off leaves what came, except under a checksum") {
  const Served served;
  const Tus tus{served};
  const auto path = tus.created(10, metadata(new_set(served), "a.jpg"));
  const auto broken = [&](const std::string& headers) {
    served.client().send("PATCH " + path + " HTTP/1.1\r\nHost: cairn.test\r\n" + kTus + "Content-Type: " + kBytes + "\r\nTransfer-Encoding: chunked\r\n" + headers + "\r\n3\r\nabc\r\nthis is no chunk\r\n");
  };
  broken("Upload-Offset: 0\r\n");
  REQUIRE(tus.offset(path) == "3");
  broken("Upload-Offset: 3\r\nUpload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n");
  REQUIRE(tus.offset(path) == "3");
  REQUIRE(tus.patch(path, 3, "defghij").status == 204);
}

TEST_CASE("parts are put together in the order that the final upload names, once, however often it is asked") {
  const Served served;
  const Tus tus{served};
  const auto set = new_set(served);
  const auto bytes = picture(400);
  const auto half = bytes.size() / 2;
  const auto first = tus.created(half, "Upload-Concat: partial\r\n");
  const auto second = tus.created(bytes.size() - half, "Upload-Concat: partial\r\n");
  const auto final = "Upload-Concat: final;http://cairn.test" + first + " " + second + "\r\n" + metadata(set, "a.jpg");
  REQUIRE(tus.patch(second, 0, bytes.substr(half)).status == 204);
  REQUIRE(tus.create(final).status == 409);
  REQUIRE(tus.patch(first, 0, bytes.substr(0, half)).status == 204);
  const auto joined = tus.create(final);
  REQUIRE(joined.status == 201);
  REQUIRE(receipt(joined)["outcome"] == "accepted");
  const auto again = tus.create(final);
  REQUIRE(again.header("Location") == joined.header("Location"));
  REQUIRE(tus.head(first).status == 404);
  const auto whole = tus.head(Tus::address(joined));
  REQUIRE(whole.header("Upload-Length") == std::to_string(bytes.size()));
  REQUIRE(whole.header("Upload-Concat").starts_with("final;"));
  REQUIRE(tus.patch(Tus::address(joined), bytes.size(), "").status == 403);
  REQUIRE(text_of(*served.blobs().get(store::Namespace::private_, sha256_of(bytes))) == bytes);
  REQUIRE(decode_jobs(served) == 1);
}

TEST_CASE("a deleted upload is gone with its bytes") {
  const Served served;
  const Tus tus{served};
  const auto path = tus.created(10, metadata(new_set(served), "a.jpg"));
  REQUIRE(tus.patch(path, 0, "abc").status == 204);
  REQUIRE(tus.request("DELETE", path, kTus).status == 204);
  REQUIRE(tus.head(path).status == 404);
  REQUIRE(std::filesystem::is_empty(served.folder() / "incoming"));
}

TEST_CASE("an upload whose time is over is 410, and gone when the next one begins") {
  gateway::GatewayOptions options;
  const Served served{options};
  const Tus tus{served};
  const auto path = tus.created(10, metadata(new_set(served), "a.jpg"));
  REQUIRE(tus.head(path).header("Upload-Expires") == "Fri, 08 May 2026 12:00:00 GMT");
  served.session().write([&](store::Session& session) {
    const auto id = *store::PartialUploadId::parse(path.substr(7));
    auto upload = *store::find_partial_upload(session, id);
    store::delete_partial_upload(session, id);
    upload.expires_at = kNow;
    store::insert_partial_upload(session, upload);
  });
  REQUIRE(tus.head(path).status == 410);
  REQUIRE(tus.patch(path, 0, "abc").status == 410);
  tus.created(10);
  REQUIRE(tus.head(path).status == 404);
  REQUIRE_FALSE(std::filesystem::exists(bytes_of_upload(served, path)));
}

TEST_CASE("unfinished uploads count towards a limit, finished ones don't") {
  gateway::GatewayOptions options;
  options.limits.partial.uploads = 2;
  const Served served{options};
  const Tus tus{served};
  const auto set = new_set(served);
  const auto first = tus.created(4, metadata(set, "a.jpg"));
  tus.created(4, metadata(set, "b.jpg"));
  const auto refused = tus.create(4, metadata(set, "c.jpg"));
  REQUIRE(refused.status == 429);
  REQUIRE(refused.header("Retry-After") == "600");
  REQUIRE(tus.patch(first, 0, "junk").status == 204);
  REQUIRE(tus.create(4, metadata(set, "c.jpg")).status == 201);
}

TEST_CASE("all bytes there and no receipt, as a crash leaves it: asking brings it to its end") {
  const Served served;
  const Tus tus{served};
  const auto bytes = picture(400);
  const auto path = tus.created(bytes.size(), metadata(new_set(served), "a.jpg"));
  gateway::PartialFile::open(bytes_of_upload(served, path))->add(bytes_of(bytes));
  const auto answer = tus.head(path);
  REQUIRE(answer.header("Upload-Offset") == std::to_string(bytes.size()));
  REQUIRE(receipt(answer)["outcome"] == "accepted");
  REQUIRE(receipt(tus.head(path)) == receipt(answer));
  REQUIRE(decode_jobs(served) == 1);
}

TEST_CASE("files of no upload, left by a crash, go when they are old, others stay") {
  const Served served;
  const Tus tus{served};
  const auto path = tus.created(10, metadata(new_set(served), "a.jpg"));
  const auto incoming = served.folder() / "incoming";
  for (const char* name : {"00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000.unchecked", "junk"}) std::ofstream{incoming / name} << "x";
  auto session = served.session();
  gateway::sweep_orphans(session, incoming, std::chrono::hours{1});
  REQUIRE(std::distance(std::filesystem::directory_iterator{incoming}, {}) == 4);
  gateway::sweep_orphans(session, incoming, std::chrono::seconds{-10});
  REQUIRE(std::distance(std::filesystem::directory_iterator{incoming}, {}) == 1);
  REQUIRE(tus.offset(path) == "0");
}

TEST_CASE("an upload's bytes outlive whoever wrote them, one writer at a time") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "upload";
  REQUIRE(gateway::durable_size(path) == 0);
  {
    auto file = gateway::PartialFile::open(path);
    file->add(bytes_of("abc"));
    REQUIRE_FALSE(gateway::PartialFile::open(path));
    REQUIRE(gateway::durable_size(path) == 3);
  }
  auto file = gateway::PartialFile::open(path);
  REQUIRE(file->size() == 3);
  file->add(bytes_of("def"));
  REQUIRE(gateway::durable_size(path) == 6);
}

TEST_CASE("a POST can stand for the methods that some clients can't send") {
  const Served served;
  const Tus tus{served};
  const auto path = tus.created(4, metadata(new_set(served), "a.jpg"));
  const auto as = [&](const std::string& method, const std::string& headers, const std::string& body) {
    return tus.request("POST", path, kTus + "X-HTTP-Method-Override: " + method + "\r\n" + headers, body);
  };
  REQUIRE(as("PATCH", "Upload-Offset: 0\r\nContent-Type: " + kBytes + "\r\n", "junk").status == 204);
  REQUIRE(as("HEAD", "", "").header("Upload-Offset") == "4");
  REQUIRE(as("DELETE", "", "").status == 204);
  REQUIRE(tus.head(path).status == 404);
}
