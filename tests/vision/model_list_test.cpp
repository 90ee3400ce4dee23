#include "vision/model_list.hpp"

#include "tests/catch.hpp"

using namespace cairn::vision;

namespace {

const std::string digest(64, 'a');

std::string entry(const std::string& name, const std::string& more = "") {
  return "  - name: " + name + "\n    path: ../net.pt\n    sha256: " + digest + "\n" + more;
}

}  // namespace

TEST_CASE("a model of the list has its path from the folder of the list") {
  const auto models = models_from_yaml("models:\n" + entry("mapnet-s 1"), "/etc/cairn/configs");
  REQUIRE(models.size() == 1);
  CHECK(model_named(models, "mapnet-s 1").path == "/etc/cairn/net.pt");
  CHECK(models[0].sha256 == digest);
  CHECK(models[0].precision == Precision::float32);
  CHECK(models_from_yaml("models:\n" + entry("a", "    precision: bfloat16\n"), "")[0].precision == Precision::bfloat16);
}

TEST_CASE("a model of the list may name the classes of its channels and its own scores for hiding") {
  const auto models = models_from_yaml("models:\n" + entry("a", "    classes: [plate, person]\n    hide: {head: 0.15}\n") + entry("b"), "");
  CHECK(models[0].classes == std::vector{cairn::ObjectClass::plate, cairn::ObjectClass::person});
  CHECK(models[0].hide.head == 0.15);
  CHECK(models[0].hide.plate == 0.30);
  CHECK(models[1].classes.size() == 6);
}

TEST_CASE("a model list says what is wrong with it, and where") {
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    speed: 3\n"), ""), "models.yaml, line 5: unknown key \"speed\"");
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a") + entry("a"), ""), Contains("the name \"a\" is given twice"));
  CHECK_THROWS_WITH(models_from_yaml("models:\n  - name: a\n", ""), Contains("a model needs the key \"path\""));
  CHECK_THROWS_WITH(models_from_yaml("models:\n  - {name: a, path: b, sha256: c}\n", ""), Contains("64 hexadecimal digits"));
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    classes: [plate, cat]\n"), ""), Contains("line 5: unknown class \"cat\""));
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    classes: [plate, plate]\n"), ""), Contains("given twice"));
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    classes: []\n"), ""), Contains("at least one class"));
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    hide: {sign: 0.2}\n"), ""), Contains("unknown key \"sign\""));
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    hide: {head: 1.5}\n"), ""), Contains("between 0 and 1"));
  CHECK_THROWS_WITH(models_from_yaml("models:\n" + entry("a", "    hide: {head: .nan}\n"), ""), Contains("between 0 and 1"));
  CHECK_THROWS_WITH(models_from_yaml("models: [", ""), Contains("models.yaml: "));
  CHECK_THROWS_WITH(models_from_yaml("", ""), Contains("expected keys"));
  CHECK_THROWS_WITH(model_named(models_from_yaml("models:\n" + entry("a") + entry("b"), ""), "c"),
                    "no model \"c\" in models.yaml; there are: a, b");
}

TEST_CASE("a model named without its version is the last of that name") {
  const auto models = models_from_yaml("models:\n" + entry("net 1") + entry("net 2") + entry("other 3"), "");
  CHECK(model_named(models, "net").name == "net 2");
  CHECK(model_named(models, "net 1").name == "net 1");
}
