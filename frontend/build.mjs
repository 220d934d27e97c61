// node frontend/build.mjs FOLDER: bundles crew_app/static/src into FOLDER, every name with the hash of its content.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { bundle, hash } from "./bundle.mjs";
import { images, licenses, reader, sprite } from "./files.mjs";
import { pageAndParts } from "./parts.mjs";

const PUBLIC = "/static/dist/";
const WORKERS = ["photo-worker.js", "reader-worker.js"];
const PARTS = ["blur.js", "camera.js", "desk.js", "live.js", "more-page.js", "notices-page.js", "outbox-page.js", "passkeys.js", "picture-reader.js", "registry.js", "report-page.js", "review.js", "round-editor.js", "rounds.js", "scan.js", "storeroom.js", "verify-page.js", "wall.js"];
const target = process.argv[2];
const manifest = {};

process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

// The scanner's worker names the reader; pages name workers; the service worker names everything.
keep({ ...reader(), ...sprite(), ...images(), ...licenses() });
keep(await bundle(WORKERS, { format: "iife", assets: urls() }));
keep(await pageAndParts("app.js", PARTS, { assets: urls(WORKERS), url }));
keep(await bundle(["app.css", "camera.css", "office.css"], {}));
await keepServiceWorker();
write("manifest.json", JSON.stringify(sorted(manifest), null, 1));

function keep(files) {
  for (const [logical, { name, content }] of Object.entries(files)) {
    manifest[logical] = name;
    write(name, content);
  }
}

// Its URL never changes, so it carries the hash of everything it serves, itself included.
async function keepServiceWorker() {
  const build = (hash) => bundle(["service-worker.js"], { format: "iife", assets: urls(), build: hash, hashed: false });
  const draft = (await build(""))["service-worker.js"];
  const version = hash(JSON.stringify(urls()) + (draft ? hash(draft.content) : ""));
  keep(await build(version));
  write("build.txt", version);
}

function urls(names = Object.keys(manifest)) {
  return sorted(Object.fromEntries(names.map((logical) => [logical, url(manifest[logical])])));
}

function url(name) {
  return PUBLIC + name;
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function write(name, content) {
  const path = join(target, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
