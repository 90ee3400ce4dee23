#include "services/gateway/http/multipart.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::gateway;

namespace {

struct Part {
  PartHeader header;
  std::string data;
  bool ended = false;
};
bool operator==(const Part& a, const Part& b) {
  return a.header.name == b.header.name && a.header.file_name == b.header.file_name && a.header.content_type == b.header.content_type &&
         a.data == b.data && a.ended == b.ended;
}

struct Parsed {
  std::vector<Part> parts;
  bool finished = false;
  std::string problem;
};

/// Parses a body that arrives in pieces of the given lengths, the last as long as is left.
Parsed parsed(std::string_view boundary, const std::string& body, const std::vector<std::size_t>& lengths = {}) {
  Parsed result;
  MultipartParser parser{boundary, PartSink{[&](const PartHeader& header) {
                                              result.parts.push_back({header, {}, false});
                                              return true;
                                            },
                                            [&](ByteView bytes) {
                                              result.parts.back().data += text_of(bytes);
                                              return true;
                                            },
                                            [&] {
                                              result.parts.back().ended = true;
                                              return true;
                                            }}};
  std::string_view rest = body;
  for (const auto length : lengths) {
    parser.add(bytes_of(rest.substr(0, length)));
    rest.remove_prefix(std::min(length, rest.size()));
  }
  parser.add(bytes_of(rest));
  result.finished = parser.finished();
  result.problem = parser.problem();
  return result;
}

std::string part(const std::string& disposition, const std::string& data) {
  return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
}

}  // namespace

TEST_CASE("a form gives its fields and its file in order") {
  const auto body = part("name=\"isBlurred\"", "true") +
                    "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n--X\r\n--XX--\r\n";
  const auto form = parsed("XX", body);
  REQUIRE(form.finished);
  REQUIRE(form.parts.size() == 2);
  REQUIRE(form.parts[0].header.name == "isBlurred");
  REQUIRE_FALSE(form.parts[0].header.file_name);
  REQUIRE(form.parts[0].data == "true");
  REQUIRE(form.parts[1].header.file_name == "a b.jpg");
  REQUIRE(form.parts[1].header.content_type == "image/jpeg");
  REQUIRE(form.parts[1].data == "\xFF\xD8\r\n--X");
}

TEST_CASE("a part may be empty, and text may stand before the first boundary and after the last") {
  const auto form = parsed("XX", "hello\r\n" + part("name=a", "") + "--XX--\r\nbye");
  REQUIRE(form.finished);
  REQUIRE(form.parts.size() == 1);
  REQUIRE(form.parts[0].data.empty());
  REQUIRE(form.parts[0].ended);
}

TEST_CASE("a form that is cut off is not finished") {
  const auto body = part("name=a", "value") + "--XX--\r\n";
  for (std::size_t length = 0; length < body.size() - 2; ++length) REQUIRE_FALSE(parsed("XX", body.substr(0, length)).finished);
  REQUIRE(parsed("XX", body.substr(0, body.size() - 2)).finished);
}

TEST_CASE("a malformed form is refused with a sentence") {
  REQUIRE(parsed("XX", "--XX\r\nX-Other: 1\r\n\r\nv\r\n--XX--").problem == "a part of the form has no Content-Disposition with a name");
  REQUIRE(parsed("XX", "--XXYY\r\n\r\n").problem == "a boundary of the form is not followed by a line end");
  REQUIRE(parsed("XX", "--XX\r\nA: " + std::string(9000, 'a')).problem == "the header of a part is longer than 8192 bytes");
  std::string many;
  for (int i = 0; i < 101; ++i) many += part("name=a", "");
  REQUIRE(parsed("XX", many).problem == "the form has more than 100 parts");
}

TEST_CASE("a sink that says no ends the parsing") {
  int calls = 0;
  MultipartParser parser{"XX", PartSink{[](const PartHeader&) { return true; }, [&](ByteView) { return ++calls < 1; }, [] { return true; }}};
  const auto body = part("name=a", "0123456789") + part("name=b", "0123456789");
  REQUIRE_FALSE(parser.add(bytes_of(body)));
  REQUIRE_FALSE(parser.add(bytes_of(body)));
  REQUIRE(calls == 1);
  REQUIRE(parser.problem().empty());
}

TEST_CASE("names with quotes, escapes and no quotes are read") {
  REQUIRE(parsed("XX", part("name=\"a\\\"b\"; filename=\"C:\\fotos\\x.jpg\"", "")).parts[0].header.name == "a\"b");
  REQUIRE(parsed("XX", part("name=\"a\"; filename=\"C:\\fotos\\x.jpg\"", "")).parts[0].header.file_name == "C:\\fotos\\x.jpg");
  REQUIRE(parsed("XX", part("name = a ; filename= b.jpg", "")).parts[0].header.file_name == "b.jpg");
}

TEST_CASE("cutting a body anywhere gives the same parts") {
  testing::Random random{testing::seed_of_run()};
  INFO("seed " << testing::seed_of_run());
  constexpr std::string_view kAlphabet = "\r\n-X:;=\"a";
  for (int round = 0; round < 300; ++round) {
    std::string body;
    for (auto parts = random.whole(0, 4); parts > 0; --parts) {
      std::string data;
      for (auto length = random.whole(0, 60); length > 0; --length) data += kAlphabet[static_cast<std::size_t>(random.whole(0, 7))];
      body += part(random.whole(0, 1) ? "name=a" : "name=f; filename=x", data);
    }
    body += random.whole(0, 3) ? "--XX--\r\n" : "--XX";
    const auto whole = parsed("XX", body);
    std::vector<std::size_t> lengths;
    for (std::size_t sum = 0; sum < body.size();) {
      lengths.push_back(static_cast<std::size_t>(random.whole(0, 7)));
      sum += lengths.back();
    }
    const auto cut = parsed("XX", body, lengths);
    REQUIRE(cut.parts == whole.parts);
    REQUIRE(cut.finished == whole.finished);
    REQUIRE(cut.problem == whole.problem);
  }
}

TEST_CASE("the boundary is taken from the content type, or nothing when it is no form's") {
  REQUIRE(boundary_from("multipart/form-data; boundary=abc") == "abc");
  REQUIRE(boundary_from("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"") == "a b");
  REQUIRE_FALSE(boundary_from("multipart/form-data"));
  REQUIRE_FALSE(boundary_from("multipart/mixed; boundary=abc"));
  REQUIRE_FALSE(boundary_from("application/json"));
  REQUIRE_FALSE(boundary_from("multipart/form-data; boundary=" + std::string(71, 'a')));
  REQUIRE_FALSE(boundary_from("multipart/form-data; boundary=a\x01"));
}
