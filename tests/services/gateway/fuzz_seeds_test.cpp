#include "tests/catch.hpp"
#include "tests/fuzz/gateway_entries.hpp"
#include "tests/random.hpp"
#include "tests/services/gateway/make_zip.hpp"

#include <string>

using namespace cairn;

namespace {

/// The seed with a few bytes changed, added or cut away.
std::string mutated(std::string text, testing::Random& random) {
  for (auto changes = random.whole(1, 6); changes > 0 && !text.empty(); --changes) {
    const auto at = static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(text.size()) - 1));
    switch (random.whole(0, 2)) {
      case 0: text[at] = static_cast<char>(random.whole(0, 255)); break;
      case 1: text.insert(at, text.substr(at / 2, 9)); break;
      default: text.erase(at, static_cast<std::size_t>(random.whole(1, 5))); break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("mutated forms and addresses harm nothing, and cutting forms changes nothing") {
  testing::Random random{testing::seed_of_run()};
  const std::string form =
      "\x03--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n--XX--\r\n";
  const std::string address = "/api/collections/0a7e804e-086e-49b0-ad8b-47977f16273b/items?limit=%31&bbox=1,2,3,4";
  for (int round = 0; round < 3000; ++round) {
    fuzz::multipart(bytes_of(mutated(form, random)));
    fuzz::target(bytes_of(mutated(address, random)));
  }
  SUCCEED();
}

TEST_CASE("mutated tus headers, Mapillary bodies and archives harm nothing") {
  testing::Random random{testing::seed_of_run()};
  const std::string creation =
      "Tus-Resumable: 1.0.0\nUpload-Length: 12\nUpload-Metadata: filename YS5qcGc=,session cmlkZQ==\nUpload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\n"
      "Content-Type: application/offset+octet-stream\nContent-Length: 5\nUpload-Offset: 5\n";
  const std::string joined = "Upload-Concat: final;/files/0a7e804e-086e-49b0-ad8b-47977f16273b /files/47b7cd50-b7ff-4b0c-a48b-4d5ad0b3bcb7\nUpload-Metadata: a\n";
  const std::string manifest = R"({"image_handles":["0a7e804e-086e-49b0-ad8b-47977f16273b"],"upload_type":"images","version":"1"})";
  const std::string finish = R"({"file_handle":"0a7e804e-086e-49b0-ad8b-47977f16273b","file_type":"zip"})";
  const auto zip = testing::make_zip({{"a/1.jpg", std::string(500, 'x')}, {"2.jpg", "some bytes that are hard to pack"}});
  for (int round = 0; round < 2000; ++round) {
    for (const auto& headers : {creation, joined}) fuzz::tus_headers(bytes_of(mutated(headers, random)));
    for (const auto& body : {manifest, finish}) fuzz::mapillary_json(bytes_of(mutated(body, random)));
    if (round % 10 == 0) fuzz::archive(bytes_of(mutated(zip, random)));
  }
  SUCCEED();
}
