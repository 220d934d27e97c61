// What is not bundled: the code reader, the icons, the images, the licences of what is shipped.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";

import { SOURCE, hash } from "./bundle.mjs";

const PACKAGES = "node_modules";

export function reader() {
  return hashed("zxing_reader.wasm", readFileSync(join(PACKAGES, "zxing-wasm/dist/reader/zxing_reader.wasm")));
}

export function images() {
  const folder = join(SOURCE, "images");
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/").slice(SOURCE.length + 1));
  return Object.assign({}, ...names.sort().map((name) => hashed(name, readFileSync(join(SOURCE, name)))));
}

export function licenses() {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const texts = Object.keys(dependencies).map((name) => `${name} ${dependencies[name]}\n\n${license(name)}\n`);
  return hashed("licenses.txt", texts.join(`\n${"-".repeat(80)}\n\n`));
}

// icons.txt: one Lucide name a line, or `name=lucide-name` where ours says more; # starts a comment.
export function sprite() {
  const list = join(SOURCE, "icons.txt");
  if (!existsSync(list)) return {};
  const lines = readFileSync(list, "utf8").split("\n").map((line) => line.replace(/#.*/, "").trim());
  const symbols = lines.filter(Boolean).sort().map(symbol);
  return hashed("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

function symbol(line) {
  const [id, icon = id] = line.split("=").map((part) => part.trim());
  const path = join(PACKAGES, "lucide-static/icons", `${icon}.svg`);
  if (!existsSync(path)) throw new Error(`icons.txt: Lucide has no icon called "${icon}"`);
  const [, content] = readFileSync(path, "utf8").match(/<svg[^>]*>(.*)<\/svg>/s);
  const drawing = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${id}" viewBox="0 0 24 24" ${drawing}>${content.replace(/>\s+</g, "><").trim()}</symbol>`;
}

function license(name) {
  const texts = ["LICENSE", "LICENSE_FONT"].map((file) => join(PACKAGES, name, file)).filter((path) => existsSync(path));
  return texts.map((path) => readFileSync(path, "utf8").trim()).join("\n\n");
}

function hashed(logical, content) {
  const extension = extname(logical);
  return { [logical]: { name: `${logical.slice(0, -extension.length)}-${hash(content)}${extension}`, content } };
}
