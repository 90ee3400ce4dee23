#include "services/gateway/panoramax/cql2.hpp"

#include "services/gateway/http/http.hpp"
#include "services/gateway/links.hpp"

#include <algorithm>
#include <stdexcept>

// The text becomes the JSON form first, so that there is one way from a filter to SQL. Errors travel as exceptions inside this
// file only.

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 8192;
constexpr int kMostComparisons = 64;
constexpr int kDeepest = 32;

struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// -- text to tree -------------------------------------------------------------------------------------------------------

struct Token {
  enum class Kind { word, quoted_word, text, number, sign, end } kind;
  std::string text;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} { step(); }

  json whole() {
    auto tree = any_of();
    if (now_.kind != Token::Kind::end) throw Wrong{"there is more after '" + now_.text + "' than a filter has"};
    return tree;
  }

 private:
  json any_of() {
    json tree = all_of();
    while (took_word("OR")) tree = {{"op", "or"}, {"args", {tree, all_of()}}};
    return tree;
  }
  json all_of() {
    json tree = one();
    while (took_word("AND")) tree = {{"op", "and"}, {"args", {tree, one()}}};
    return tree;
  }
  json one() {
    if (++depth_ > kDeepest) throw Wrong{"it is nested too deep"};
    auto tree = one_inside();
    --depth_;
    return tree;
  }
  json one_inside() {
    if (took_word("NOT")) return {{"op", "not"}, {"args", json::array({one()})}};
    if (took_sign("(")) {
      auto tree = any_of();
      if (!took_sign(")")) throw Wrong{"a ) is missing"};
      return tree;
    }
    return comparison();
  }
  json comparison() {
    if (now_.kind != Token::Kind::word && now_.kind != Token::Kind::quoted_word) throw Wrong{"a property's name is missing before '" + now_.text + "'"};
    const json property{{"property", taken().text}};
    if (took_word("IS")) {
      const bool negated = took_word("NOT");
      if (!took_word("NULL")) throw Wrong{"after IS comes NULL or NOT NULL"};
      const json is_null{{"op", "isNull"}, {"args", json::array({property})}};
      return negated ? json{{"op", "not"}, {"args", json::array({is_null})}} : is_null;
    }
    if (took_word("IN")) return {{"op", "in"}, {"args", {property, list()}}};
    for (const char* sign : {"=", "<>", "<=", ">=", "<", ">"}) {
      if (took_sign(sign)) return {{"op", sign}, {"args", {property, literal()}}};
    }
    throw Wrong{"after a property comes =, <>, <, >, <=, >=, IN or IS"};
  }
  json list() {
    json values = json::array();
    if (!took_sign("(")) throw Wrong{"after IN comes a list in brackets"};
    do {
      values.push_back(literal());
    } while (took_sign(","));
    if (!took_sign(")")) throw Wrong{"a ) is missing"};
    return values;
  }
  json literal() {
    const auto token = taken();
    if (token.kind == Token::Kind::text) return token.text;
    if (token.kind == Token::Kind::number) return number_from(token.text).value();
    const auto lower = lower_case(token.text);
    if (token.kind == Token::Kind::word && (lower == "true" || lower == "false")) return lower == "true";
    if (token.kind == Token::Kind::word && (lower == "timestamp" || lower == "date")) {
      if (!took_sign("(")) throw Wrong{"TIMESTAMP needs brackets"};
      auto inner = literal();
      if (!took_sign(")")) throw Wrong{"a ) is missing"};
      return inner;
    }
    throw Wrong{"a value is missing: texts stand in 'quotes'"};
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
    throw Wrong{"a quote is never closed"};
  }

  std::string_view rest_;
  Token now_{Token::Kind::end, {}};
  int depth_ = 0;
};

// -- tree to SQL --------------------------------------------------------------------------------------------------------

class Writer {
 public:
  explicit Writer(const FilterWords& words) : words_{words} {}

  store::Filter filter(const json& tree) {
    filter_.condition = condition(tree, 0);
    return std::move(filter_);
  }

 private:
  std::string condition(const json& tree, int depth) {
    if (depth > kDeepest) throw Wrong{"it is nested too deep"};
    if (!tree.is_object() || !tree.contains("op") || !tree["op"].is_string() || !tree.contains("args") || !tree["args"].is_array())
      throw Wrong{"each part needs an op and args"};
    const std::string op = tree["op"];
    const auto& args = tree["args"];
    if (op == "and" || op == "or") return joined(op, args, depth);
    if (op == "not" && args.size() == 1) return "not (" + condition(args[0], depth + 1) + ")";
    if (++comparisons_ > kMostComparisons) throw Wrong{"it has too many comparisons"};
    if (op == "isNull" && args.size() == 1) return is_null(property_of(args[0]));
    if (args.size() == 2 && op == "in" && args[1].is_array() && !args[1].empty()) return one_of(property_of(args[0]), args[1]);
    constexpr std::string_view kSigns[] = {"=", "<>", "<", ">", "<=", ">="};
    if (args.size() == 2 && std::ranges::find(kSigns, std::string_view{op}) != std::end(kSigns)) return compared(property_of(args[0]), op, args[1]);
    throw Wrong{"the operator '" + op + "' is not known here, or has the wrong number of args"};
  }

  std::string joined(const std::string& op, const json& args, int depth) {
    if (args.empty()) throw Wrong{op + " needs args"};
    std::string text;
    for (const auto& arg : args) text += (text.empty() ? "(" : " " + op + " ") + condition(arg, depth + 1);
    return text + ")";
  }

  static std::string property_of(const json& arg) {
    if (!arg.is_object() || !arg.contains("property") || !arg["property"].is_string()) throw Wrong{"a comparison begins with a property"};
    return arg["property"];
  }
  const FilterWords::Word& word(const std::string& name) const {
    const auto found = std::ranges::find(words_.words, std::string_view{name}, &FilterWords::Word::name);
    if (found == words_.words.end()) throw Wrong{"the property '" + name.substr(0, 60) + "' can't be asked about: see queryables"};
    return *found;
  }
  std::optional<std::string> tag_key(const std::string& name) const {
    if (words_.subject.empty() || !name.starts_with("semantics.") || name.size() == 10) return std::nullopt;
    return name.substr(10);
  }
  std::string has_tag(const std::string& key, const std::string& value_condition) {
    return "exists (select 1 from tags where tags.subject = " + std::string{words_.subject} + " and tags.key = " + place(key) + value_condition + ")";
  }

  std::string is_null(const std::string& name) {
    if (const auto key = tag_key(name)) return "not " + has_tag(*key, "");
    if (name == "semantics" && !words_.subject.empty()) return "not exists (select 1 from tags where tags.subject = " + std::string{words_.subject} + ")";
    return std::string{word(name).column} + " is null";
  }
  std::string one_of(const std::string& name, const json& values) {
    std::string text;
    for (const auto& value : values) {
      if (++comparisons_ > kMostComparisons) throw Wrong{"it has too many comparisons"};
      text += (text.empty() ? "(" : " or ") + compared(name, "=", value);
    }
    return text + ")";
  }
  std::string compared(const std::string& name, const std::string& sign, const json& value) {
    if (const auto key = tag_key(name)) {
      if (!value.is_string() || (sign != "=" && sign != "<>")) throw Wrong{"tags are compared with texts, by = or <>"};
      return (sign == "<>" ? "not " : "") + has_tag(*key, " and tags.value = " + place(value));
    }
    const auto& known = word(name);
    const std::string column{known.column};
    using Kind = FilterWords::Word::Kind;
    switch (known.kind) {
      case Kind::flag:
        if (!value.is_boolean() || sign != "=") throw Wrong{name + " is compared with TRUE or FALSE, by ="};
        return column + (value.get<bool>() ? " is not null" : " is null");
      case Kind::number:
        if (!value.is_number()) throw Wrong{name + " is compared with a number"};
        return column + " " + sign + " " + json(value.get<double>()).dump();
      case Kind::text:
        if (!value.is_string()) throw Wrong{name + " is compared with a text"};
        return column + " " + sign + " " + place(value);
      case Kind::time: return column + " " + sign + " " + std::to_string(micros_of(time_in(name, value)));
    }
    throw Wrong{"a property of no kind"};
  }
  static UtcTime time_in(const std::string& name, json value) {
    for (const char* wrapper : {"timestamp", "date"}) {
      if (value.is_object() && value.contains(wrapper)) value = json(value[wrapper]);
    }
    std::string text = value.is_string() ? value.get<std::string>() : "";
    if (text.size() == 10) text += "T00:00:00Z";
    const auto span = time_span_from(text);
    if (!span || !span->after) throw Wrong{name + " is compared with a time such as '2026-05-01T12:00:00Z'"};
    return *span->after;
  }
  std::string place(const std::string& text) {
    if (!is_plain_text(text)) throw Wrong{"a text holds control characters or no UTF-8"};
    filter_.texts.push_back(text);
    return ":f" + std::to_string(filter_.texts.size() - 1);
  }

  const FilterWords& words_;
  store::Filter filter_;
  int comparisons_ = 0;
};

std::string sentence(const Wrong& wrong) { return std::string{"filter can't be read: "} + wrong.what(); }

}  // namespace

std::variant<store::Filter, std::string> filter_from_json(const json& tree, const FilterWords& words) {
  try {
    return Writer{words}.filter(tree);
  } catch (const Wrong& wrong) {
    return sentence(wrong);
  }
}

std::variant<store::Filter, std::string> filter_from_text(std::string_view text, const FilterWords& words) {
  if (text.size() > kLongestText) return "filter is longer than 8192 bytes";
  try {
    return filter_from_json(Reader{text}.whole(), words);
  } catch (const Wrong& wrong) {
    return sentence(wrong);
  }
}

}  // namespace cairn::gateway
