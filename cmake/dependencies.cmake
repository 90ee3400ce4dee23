# Third-party libraries, found once. All are Debian packages: scripts/packages.txt.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PROJ REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json REQUIRED)
