#include "core/without_password.hpp"
#include "tests/catch.hpp"

using cairn::without_password;

TEST_CASE("an address is shown without its password, wherever it stands") {
  REQUIRE(without_password("postgresql://anna:secret@host/db") == "postgresql://anna@host/db");
  REQUIRE(without_password("postgresql://anna:sec@ret@host:5432/db") == "postgresql://anna@host:5432/db");
  REQUIRE(without_password("postgresql://anna@host/db?sslmode=require&password=secret") == "postgresql://anna@host/db?sslmode=require&password=");
  REQUIRE(without_password("postgresql://anna@host/db?password=secret&sslmode=require") == "postgresql://anna@host/db?password=&sslmode=require");
}

TEST_CASE("what holds no password stays as it is") {
  for (const char* text : {"", "sqlite:///var/lib/cairn/catalogue.db", "postgresql://host:5432/db", "postgresql:///db?host=/run", "info", "password=x"}) {
    REQUIRE(without_password(text) == text);
  }
}
