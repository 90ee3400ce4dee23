// tus-js-client, as it comes from npm, against our server. CAIRN_URL is a running Cairn, CAIRN_PICTURE a picture that it takes.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Upload } from "tus-js-client";

const url = process.env.CAIRN_URL;
if (!url) console.log("skipped: CAIRN_URL names no server");
const options = { skip: url ? false : "skipped: CAIRN_URL names no server" };
const size = 3_000_000;

function md5(bytes) { return createHash("md5").update(bytes).digest("hex"); }

/// Sends to the end. Gives the upload and its receipt; `also` are further options of the client.
function sent(bytes, name, also = {}) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${url}/files`,
      metadata: { filename: name, session: `clients ${process.pid}` },
      retryDelays: [0, 200, 500, 1000, 2000],
      onError: reject,
      onSuccess: ({ lastResponse }) => resolve({ upload, receipt: JSON.parse(lastResponse.getHeader("Cairn-Receipt")) }),
      ...also,
    });
    upload.start();
  });
}

/// Sends some of it, then leaves without a word; gives the address.
function brokenOff(bytes, name) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${url}/files`, metadata: { filename: name, session: `clients ${process.pid}` }, chunkSize: 500_000, retryDelays: null, onError: reject,
      onChunkComplete: (_, accepted) => { if (accepted >= 1_000_000) upload.abort().then(() => resolve(upload.url), reject); },
    });
    upload.start();
  });
}

test("a picture sent in chunks is taken, and its receipt says so", options, async () => {
  const picture = await readFile(process.env.CAIRN_PICTURE);
  const { receipt } = await sent(picture, "a.jpg", { chunkSize: 30_000 });
  assert.equal(receipt.outcome, "accepted");
  assert.equal(receipt.md5, md5(picture));
  const again = await sent(picture, "b.jpg", { uploadDataDuringCreation: true });
  assert.equal(again.receipt.outcome, "already_here");
});

test("an upload that broke off goes on where it was", options, async () => {
  const bytes = randomBytes(size);
  const address = await brokenOff(bytes, "broken.bin");
  const first = [];
  const { receipt } = await sent(bytes, "broken.bin", { uploadUrl: address, onAfterResponse: (request, response) => {
    if (request.getMethod() === "HEAD") first.push(Number(response.getHeader("Upload-Offset")));
  } });
  assert.ok(first[0] >= 1_000_000 && first[0] < size, `it went on from ${first[0]}`);
  assert.equal(receipt.md5, md5(bytes));
  assert.equal(receipt.reason, "not_supported");
});

test("parallel uploads are put together", options, async () => {
  const bytes = randomBytes(size);
  const { upload, receipt } = await sent(bytes, "parallel.bin", { parallelUploads: 3 });
  assert.equal(receipt.md5, md5(bytes));
  assert.equal(receipt.size, size);
  const head = await fetch(upload.url, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  assert.match(head.headers.get("Upload-Concat"), /^final;/);
});

test("a length that comes last, and a client that can send POST only", options, async () => {
  const bytes = randomBytes(100_000);
  const { receipt } = await sent(bytes, "late.bin", { uploadLengthDeferred: true, chunkSize: 40_000 });
  assert.equal(receipt.md5, md5(bytes));
  const other = await sent(randomBytes(100_000), "post.bin", { overridePatchMethod: true });
  assert.equal(other.receipt.size, 100_000);
});

test("a terminated upload is gone", options, async () => {
  const address = await brokenOff(randomBytes(size), "gone.bin");
  await Upload.terminate(address);
  assert.equal((await fetch(address, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } })).status, 404);
});
