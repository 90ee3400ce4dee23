// A small file goes in one request, with its creation. A larger one gets an address first, so that it can go on after a break:
// HEAD says from where.

#include "services/cli/upload_sender.hpp"

#include "core/base64.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <thread>

namespace cairn::cli {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kInOneRequest = 4'000'000;  // a picture: sending it twice costs less than asking where it was
constexpr std::size_t kPacedPiece = 64 * 1024;      // so that a cap of 100 kB/s is kept within a second
constexpr int kMostIdleTries = 10;                      // without one byte of progress

std::string coded(const std::string& text) { return base64_of(bytes_of(text)); }

std::uint64_t size_in(const HttpAnswer& answer, const std::string& name) {
  const auto text = answer.header(name).value_or("");
  std::uint64_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size;
}

std::optional<json> receipt_in(const HttpAnswer& answer) {
  const auto text = answer.header("cairn-receipt");
  auto receipt = text ? json::parse(*text, nullptr, false) : json{};
  return receipt.is_object() ? std::optional{std::move(receipt)} : std::nullopt;
}

json not_taken(const HttpAnswer& answer) {
  const auto body = json::parse(answer.body, nullptr, false);
  const auto message = body.is_object() ? body.value("message", answer.body) : answer.body.substr(0, 200);
  return {{"outcome", "not_taken"}, {"message", std::to_string(answer.status) + " " + message}};
}

}  // namespace

/// How far the sending of one file is.
struct FileSender::Course {
  std::uint64_t size = 0;
  std::optional<std::string> address;
  std::optional<std::uint64_t> offset;   ///< none: the server must be asked
};

FileSender::FileSender(const UploadOptions& options, UploadJournal& journal, Pace& pace, std::function<void(std::int64_t)> more)
    : journal_{journal}, pace_{pace}, more_{std::move(more)}, client_{options.url, options.token} {}

json FileSender::send(const FileToSend& file) {
  told_ = 0;
  Course course{fs::file_size(file.path), journal_.address_of(file.path), std::nullopt};
  for (int tries = 0;; ++tries) {
    HttpAnswer answer;
    std::string trouble;
    try {
      answer = next_request(file, course);
      if (auto receipt = receipt_in(answer)) return tell(course.size), *receipt;
      if (answer.status < 300) {
        tries = -1;
        continue;
      }
      const bool is_gone = course.address && (answer.status == 404 || answer.status == 410);
      if (is_gone) course.address.reset();
      if (!is_gone && answer.status != 409 && !is_passing(answer.status)) return tell(course.size), not_taken(answer);
      trouble = "the server answered " + std::to_string(answer.status);
    } catch (const HttpTrouble& error) {
      if (tries + 1 >= kMostIdleTries) throw;
      trouble = error.what();
    }
    if (tries + 1 >= kMostIdleTries) throw HttpTrouble{"sending " + file.name + ": " + trouble + ", " + std::to_string(kMostIdleTries) + " times"};
    course.offset.reset();
    std::this_thread::sleep_for(pause_before_retry(tries, &answer));
  }
}

HttpAnswer FileSender::next_request(const FileToSend& file, Course& course) {
  if (!course.address) return begin(file, course);
  if (!course.offset) return ask(course);
  auto answer = send_from(file, course, "PATCH", *course.address, {{"Upload-Offset", std::to_string(*course.offset)}});
  if (answer.status < 300) course.offset = size_in(answer, "upload-offset");
  return answer;
}

HttpAnswer FileSender::begin(const FileToSend& file, Course& course) {
  Headers headers{{"Upload-Length", std::to_string(course.size)}, {"Upload-Metadata", metadata_of(file)}};
  course.offset = 0;
  if (course.size > 0 && course.size <= kInOneRequest) return send_from(file, course, "POST", "/files", std::move(headers));
  headers.emplace_back("Tus-Resumable", "1.0.0");
  auto answer = client_.request("POST", "/files", headers);
  if (answer.status == 201) course.address = answer.header("location");
  if (course.address) journal_.note(file.path, *course.address);
  return answer;
}

HttpAnswer FileSender::ask(Course& course) {
  auto answer = client_.request("HEAD", *course.address, {{"Tus-Resumable", "1.0.0"}});
  if (answer.status == 200) course.offset = size_in(answer, "upload-offset");
  return answer;
}

HttpAnswer FileSender::send_from(const FileToSend& file, Course& course, const std::string& method, const std::string& path, Headers headers) {
  std::ifstream stream{file.path, std::ios::binary};
  if (!stream) throw std::runtime_error{"can't read " + file.path.string()};
  auto sent = *course.offset;
  stream.seekg(static_cast<std::streamoff>(sent));
  tell(sent);
  const HttpBody body{course.size - sent, [&](char* into, std::size_t most) {
                        const auto wanted = std::min({most, kPacedPiece, static_cast<std::size_t>(course.size - sent)});
                        pace_.take(wanted);
                        const auto got = static_cast<std::size_t>(stream.read(into, static_cast<std::streamsize>(wanted)).gcount());
                        tell(sent += got);
                        return got;
                      }};
  headers.emplace_back("Tus-Resumable", "1.0.0");
  headers.emplace_back("Content-Type", "application/offset+octet-stream");
  return client_.request(method, path, headers, &body);
}

std::string FileSender::metadata_of(const FileToSend& file) const {
  return "upload_set " + coded(journal_.set().value_or("")) + ",filename " + coded(file.name);
}

void FileSender::tell(std::uint64_t sent) {
  if (sent != told_) more_(static_cast<std::int64_t>(sent) - static_cast<std::int64_t>(told_));
  told_ = sent;
}

}  // namespace cairn::cli
