#include "rewards/bundle.hpp"

#include "core/durable.hpp"
#include "rewards/bundle_files.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cairn::rewards {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";

/// Hashes what passes, and counts it.
class Digester {
 public:
  void add(std::string_view part) {
    stream_.add(bytes_of(part));
    size_ += part.size();
  }
  FileDigest finish() { return {stream_.finish(), size_}; }

 private:
  Sha256Stream stream_;
  std::uint64_t size_ = 0;
};

FileDigest digest_of(const BundleFile& file) {
  Digester digester;
  file.write([&](std::string_view part) { digester.add(part); });
  return digester.finish();
}

FileDigest write_file(const fs::path& path, const BundleFile& file) {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  Digester digester;
  file.write([&](std::string_view part) {
    digester.add(part);
    out.write(part.data(), static_cast<std::streamsize>(part.size()));
  });
  out.close();
  if (!out) throw std::runtime_error{"can't write " + path.string() + ": check that the folder is writable and the disk not full"};
  sync_file(path);
  return digester.finish();
}

std::optional<FileDigest> digest_of_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::nullopt;
  Digester digester;
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    digester.add({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
  return in.bad() ? std::nullopt : std::optional{digester.finish()};
}

std::string text_of_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// Names of what lies in a folder, sorted.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::variant<CanonicalInput, EpochRefusal> read_input(const fs::path& folder) {
  return input_from({text_of_file(folder / "epoch.json"), text_of_file(folder / "policy.json"),
                     text_of_file(folder / "versions.json"), text_of_file(folder / "inputs.bin.gz")});
}

/// Whether the files are those that the manifest lists, and nothing else lies beside them.
void check_against_manifest(const fs::path& folder, const FileDigests& listed, std::vector<std::string>& problems) {
  for (const auto& name : names_in(folder)) {
    if (name != kManifest && !listed.contains(name)) problems.push_back(name + " is not in the manifest");
  }
  for (const auto& [name, digest] : listed) {
    if (fs::path{name}.filename() != name) {
      problems.push_back("the manifest names " + name + ", which is no plain file name");
    } else if (const auto found = digest_of_file(folder / name); !found) {
      problems.push_back(name + " is missing");
    } else if (*found != digest) {
      problems.push_back(name + " is not the file that the manifest lists: its SHA-256 or size differs");
    }
  }
}

/// Whether every file is what the inputs give.
void check_against_inputs(const fs::path& folder, const EpochResult& result, BundleCheck& check) {
  const MerkleTree tree{result.totals};
  check.root = tree.root();
  FileDigests expected;
  for (const auto& file : bundle_files(result, tree)) {
    const auto digest = expected[file.name] = digest_of(file);
    if (digest_of_file(folder / file.name) != digest) check.problems.push_back(file.name + " is not what the inputs give");
  }
  if (text_of_file(folder / kManifest) != manifest_json(result, tree, expected)) {
    check.problems.push_back("manifest.json is not what the inputs give");
  }
}

}  // namespace

Sha256 write_bundle(const EpochResult& result, const fs::path& folder) {
  const MerkleTree tree{result.totals};
  const auto files = bundle_files(result, tree);
  fs::create_directories(folder);
  for (const auto& name : names_in(folder)) {
    if (name != kManifest && std::ranges::find(files, name, &BundleFile::name) == files.end()) {
      throw std::runtime_error{folder.string() + " holds " + name + ", which is no part of a bundle: choose an empty folder"};
    }
  }
  fs::remove(folder / kManifest);
  FileDigests digests;
  for (const auto& file : files) digests[file.name] = write_file(folder / file.name, file);
  const BundleFile manifest{kManifest, [&](const Sink& sink) { sink(manifest_json(result, tree, digests)); }};
  const auto hash = write_file(folder / kManifest, manifest).hash;
  sync_folder(folder);
  sync_folder(fs::absolute(folder).parent_path());
  return hash;
}

BundleCheck verify_bundle(const fs::path& folder) {
  BundleCheck check;
  const auto manifest = text_of_file(folder / kManifest);
  const auto listed = files_of_manifest(manifest);
  if (!listed) {
    check.problems.push_back((folder / kManifest).string() + " is missing or is no manifest of a bundle");
    return check;
  }
  check.bundle = sha256_of(manifest);
  check_against_manifest(folder, *listed, check.problems);

  const auto outcome = result_from_bundle(folder);
  if (const auto* refusal = std::get_if<EpochRefusal>(&outcome)) {
    check.problems.insert(check.problems.end(), refusal->problems.begin(), refusal->problems.end());
    return check;
  }
  const auto& result = std::get<EpochResult>(outcome);
  check.epoch = result.input.epoch.name;
  check.frames = result.lines.size();
  check.accounts = result.shares.size();
  check.paid = result.pool - result.carried_over;
  check_against_inputs(folder, result, check);
  return check;
}

EpochOutcome result_from_bundle(const fs::path& folder) {
  auto input = read_input(folder);
  if (auto* refusal = std::get_if<EpochRefusal>(&input)) return std::move(*refusal);
  return close_canonical(std::move(std::get<CanonicalInput>(input)));
}

}  // namespace cairn::rewards
