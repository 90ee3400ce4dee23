#include "services/gateway/http/sendable.hpp"

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

using namespace cairn;
using namespace cairn::gateway;
using cairn::testing::TemporaryFolder;

namespace {

/// Two ends of a connection; the one that is sent to doesn't wait.
struct Connected {
  Connected() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0); }
  ~Connected() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  /// What has arrived.
  std::string read() {
    std::string text(1 << 20, '\0');
    const auto got = ::recv(ends[1], text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }
  std::array<int, 2> ends{-1, -1};
};

struct OpenedFile {
  OpenedFile(const std::filesystem::path& path, const std::string& text) {
    std::ofstream{path, std::ios::binary} << text;
    descriptor = ::open(path.c_str(), O_RDONLY);
    REQUIRE(descriptor >= 0);
  }
  ~OpenedFile() { ::close(descriptor); }
  int descriptor = -1;
};

/// Sends all of it to a reader that comes back whenever the socket is full.
std::string arrived(std::string_view head, Sendable body) {
  Connected connected;
  std::string text;
  for (;;) {
    const auto sent = send_now(connected.ends[0], head, body);
    REQUIRE(sent);
    const auto of_head = std::min<std::uint64_t>(*sent, head.size());
    head.remove_prefix(of_head);
    body = behind(body, *sent - of_head);
    text += connected.read();
    if (head.empty() && size_of(body) == 0) return text += connected.read();
  }
}

std::string counted_text(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what is sent arrives whole and in order, from memory and from a file, whatever the socket takes at once") {
  const TemporaryFolder folder;
  const auto text = counted_text(200'000);
  const OpenedFile file{folder.path() / "bytes", text};
  const std::string head(100'000, 'h');
  CHECK(arrived(head, bytes_of(text)) == head + text);
  CHECK(arrived(head, FileRange{file.descriptor, 0, text.size()}) == head + text);
  CHECK(arrived("head", FileRange{file.descriptor, 7'000, 50'000}) == "head" + text.substr(7'000, 50'000));
  CHECK(arrived("head", Sendable{}) == "head");
  CHECK(arrived("head", FileRange{file.descriptor, 0, 0}) == "head");
}

TEST_CASE("a file that ends before its range and a peer that is gone break the connection") {
  const TemporaryFolder folder;
  const OpenedFile file{folder.path() / "bytes", "short"};
  Connected connected;
  CHECK(send_now(connected.ends[0], {}, FileRange{file.descriptor, 0, 100}) == 5);
  CHECK_FALSE(send_now(connected.ends[0], {}, FileRange{file.descriptor, 5, 95}));
  CHECK_FALSE(send_now(connected.ends[0], {}, FileRange{-1, 0, 10}));
  ::close(std::exchange(connected.ends[1], -1));
  CHECK_FALSE(send_now(connected.ends[0], "head", bytes_of("body")));
}
