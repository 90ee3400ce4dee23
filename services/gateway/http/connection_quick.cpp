// The way of an answer that is ready: read, looked up and sent in a few system calls, without the parser, the threads of the
// catalogue, or memory of its own.
#include "services/gateway/http/connection.hpp"
#include "services/gateway/http/quick_request.hpp"

namespace cairn::gateway {
namespace {

constexpr std::string_view kNotModified = "HTTP/1.1 304 Not Modified\r\n";
constexpr std::string_view kEnd = "Connection: keep-alive\r\n\r\n";

/// The same as add_common_headers() does for other answers.
void write_head(std::string& head, const QuickRequest& request, const PreparedAnswer& answer, bool known) {
  if (known) {
    head.assign(kNotModified).append(answer.head, answer.common_at);
  } else {
    head.assign(answer.head);
  }
  if (!request.origin.empty()) head.append("Access-Control-Allow-Origin: ").append(request.origin).append("\r\nAccess-Control-Allow-Credentials: true\r\n");
  head.append(kEnd);
}

}  // namespace

Connection::Quick Connection::answer_quickly() {
  if (serving_.draining) return Quick::not_quick;
  started_ = std::chrono::steady_clock::now();
  const auto bytes = buffer_.data();
  const auto request = quick_request_from({static_cast<const char*>(bytes.data()), bytes.size()});
  if (!request) return Quick::not_quick;
  auto found = serving_.site.quick_answer(*request, peer_);
  if (!found) return Quick::not_quick;
  const auto& answer = *found->answer;
  const bool known = is_known(request->if_none_match, answer);
  write_head(quick_head_, *request, answer, known);
  auto body = known || request->is_head ? Sendable{} : answer.body;
  auto file = answer.file.empty() || size_of(body) == 0 ? OpenFile{} : OpenFile{answer.file};
  if (auto* part = std::get_if<FileRange>(&body); part && part->descriptor < 0) {
    if (!file.is_open()) return Quick::not_quick;  // the catalogue knows why
    part->descriptor = file.descriptor();
  }
  buffer_.consume(request->length);

  const auto sent = send_now(socket_.native_handle(), quick_head_, body);
  if (!sent) return Quick::broken;
  open_.since = std::chrono::steady_clock::now();
  auto& metrics = serving_.site.metrics();
  metrics.count_answer(found->route, known ? 304 : answer.status, std::chrono::duration_cast<std::chrono::microseconds>(open_.since - started_));
  metrics.count_sent(size_of(body));
  if (*sent == quick_head_.size() + size_of(body)) return Quick::sent;
  const auto of_head = std::min<std::uint64_t>(*sent, quick_head_.size());
  quick_head_.erase(0, of_head);
  quick_rest_ = behind(body, *sent - of_head);
  quick_owner_ = std::make_shared<std::pair<SharedAnswer, OpenFile>>(std::move(found->answer), std::move(file));
  return Quick::sent_partly;
}

/// What the socket didn't take at once, as fast as the client reads.
awaitable<Connection::Next> Connection::write_rest() {
  open_.state = OpenConnection::State::request;
  const bool whole = co_await send_all(quick_head_, quick_rest_);
  quick_owner_.reset();
  co_return whole ? Next::request : Next::end;
}

}  // namespace cairn::gateway
