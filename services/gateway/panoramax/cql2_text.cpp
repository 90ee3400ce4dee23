#include "services/gateway/panoramax/cql2_text.hpp"

#include "services/gateway/http/http.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

using nlohmann::json;

struct Token {
  enum class Kind { word, quoted_word, text, number, sign, end } kind;
  std::string text;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} { step(); }

  json whole() {
    auto tree = any_of();
    if (now_.kind != Token::Kind::end) throw WrongFilter{"there is more after '" + now_.text + "' than a filter has"};
    return tree;
  }

 private:
  json any_of() {
    auto args = json::array({all_of()});
    while (took_word("OR")) args.push_back(all_of());
    return joined("or", std::move(args));
  }
  json all_of() {
    auto args = json::array({one()});
    while (took_word("AND")) args.push_back(one());
    return joined("and", std::move(args));
  }
  static json joined(const char* op, json args) {
    if (args.size() == 1) return std::move(args[0]);
    return {{"op", op}, {"args", std::move(args)}};
  }
  json one() {
    if (++depth_ > kDeepestFilter) throw WrongFilter{"it is nested too deep"};
    auto tree = one_inside();
    --depth_;
    return tree;
  }
  json one_inside() {
    if (took_word("NOT")) return {{"op", "not"}, {"args", json::array({one()})}};
    if (took_sign("(")) {
      auto tree = any_of();
      if (!took_sign(")")) throw WrongFilter{"a ) is missing"};
      return tree;
    }
    return comparison();
  }
  json comparison() {
    if (now_.kind != Token::Kind::word && now_.kind != Token::Kind::quoted_word) throw WrongFilter{"a property's name is missing before '" + now_.text + "'"};
    const json property{{"property", taken().text}};
    if (took_word("IS")) {
      const bool negated = took_word("NOT");
      if (!took_word("NULL")) throw WrongFilter{"after IS comes NULL or NOT NULL"};
      const json is_null{{"op", "isNull"}, {"args", json::array({property})}};
      return negated ? json{{"op", "not"}, {"args", json::array({is_null})}} : is_null;
    }
    if (took_word("IN")) return {{"op", "in"}, {"args", {property, list()}}};
    for (const char* sign : {"=", "<>", "<=", ">=", "<", ">"}) {
      if (took_sign(sign)) return {{"op", sign}, {"args", {property, literal()}}};
    }
    throw WrongFilter{"after a property comes =, <>, <, >, <=, >=, IN or IS"};
  }
  json list() {
    json values = json::array();
    if (!took_sign("(")) throw WrongFilter{"after IN comes a list in brackets"};
    do {
      values.push_back(literal());
    } while (took_sign(","));
    if (!took_sign(")")) throw WrongFilter{"a ) is missing"};
    return values;
  }
  json literal() {
    const auto token = taken();
    if (token.kind == Token::Kind::text) return token.text;
    if (token.kind == Token::Kind::number) return number_from(token.text).value();
    const auto lower = lower_case(token.text);
    if (token.kind == Token::Kind::word && (lower == "true" || lower == "false")) return lower == "true";
    if (token.kind == Token::Kind::word && (lower == "timestamp" || lower == "date")) {
      if (!took_sign("(")) throw WrongFilter{"TIMESTAMP needs brackets"};
      auto inner = literal();
      if (!took_sign(")")) throw WrongFilter{"a ) is missing"};
      return inner;
    }
    throw WrongFilter{"a value is missing: texts stand in 'quotes'"};
  }

  Token taken() {
    auto token = std::move(now_);
    step();
    return token;
  }
  bool took_word(std::string_view word) {
    if (now_.kind != Token::Kind::word || lower_case(now_.text) != lower_case(word)) return false;
    step();
    return true;
  }
  bool took_sign(std::string_view sign) {
    if (now_.kind != Token::Kind::sign || now_.text != sign) return false;
    step();
    return true;
  }
  void step() {
    while (!rest_.empty() && std::string_view{" \t\r\n"}.find(rest_[0]) != std::string_view::npos) rest_.remove_prefix(1);
    if (rest_.empty()) {
      now_ = {Token::Kind::end, "the end"};
    } else if (rest_[0] == '\'' || rest_[0] == '"') {
      quoted();
    } else if (const auto length = std::min(rest_.find_first_of(" \t\r\n()<>=,'\""), rest_.size()); length > 0) {
      now_ = {number_from(rest_.substr(0, length)) ? Token::Kind::number : Token::Kind::word, std::string{rest_.substr(0, length)}};
      rest_.remove_prefix(length);
    } else {
      const std::size_t size = rest_.starts_with("<>") || rest_.starts_with("<=") || rest_.starts_with(">=") ? 2 : 1;
      now_ = {Token::Kind::sign, std::string{rest_.substr(0, size)}};
      rest_.remove_prefix(size);
    }
  }
  /// A doubled quote stands for one.
  void quoted() {
    const char quote = rest_[0];
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        if (i + 1 >= rest_.size() || rest_[i + 1] != quote) {
          rest_.remove_prefix(i + 1);
          now_ = {quote == '\'' ? Token::Kind::text : Token::Kind::quoted_word, std::move(text)};
          return;
        }
        ++i;
      }
      text += rest_[i];
    }
    throw WrongFilter{"a quote is never closed"};
  }

  std::string_view rest_;
  Token now_{Token::Kind::end, {}};
  int depth_ = 0;
};

}  // namespace

json filter_tree_of(std::string_view text) { return Reader{text}.whole(); }

}  // namespace cairn::gateway
