// Judges the Merkle tree of a bundle with the package that distributor contracts are used with.
// CAIRN_MERKLE_DUMP is the bundle's tree.json; proofs.jsonl and manifest.json lie beside it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

const dump = process.env.CAIRN_MERKLE_DUMP;
assert.ok(dump, "set CAIRN_MERKLE_DUMP to the tree.json of a bundle");
const read = (name) => readFileSync(join(dirname(dump), name), "utf8");
const tree = StandardMerkleTree.load(JSON.parse(readFileSync(dump, "utf8")));
const root = JSON.parse(read("manifest.json")).root;

test("the dump loads, is consistent, and has the root that the manifest names", () => {
  tree.validate();
  assert.equal(tree.root, root);
});

test("a tree that the package makes of the same values has the same root and dump", () => {
  const made = StandardMerkleTree.of([...tree.entries()].map(([, value]) => value), ["address", "uint256"]);
  assert.equal(made.root, root);
  assert.deepEqual(made.dump(), tree.dump());
});

test("every published proof is the package's own and verifies against the root", () => {
  const lines = read("proofs.jsonl").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, [...tree.entries()].length);
  for (const { address, amount, proof } of lines) {
    const leaf = [address, amount];
    assert.deepEqual(proof, tree.getProof(leaf));
    assert.ok(StandardMerkleTree.verify(root, ["address", "uint256"], leaf, proof));
    assert.ok(!StandardMerkleTree.verify(root, ["address", "uint256"], [address, String(BigInt(amount) + 1n)], proof));
  }
});
