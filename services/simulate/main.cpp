#include "services/simulate/command.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  CLI::App app{"Makes drives through a made-up town, with their truth."};
  cairn::simulate::add_simulate_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "cairn-simulate: " << error.what() << "\n";
    return 1;
  }
}
