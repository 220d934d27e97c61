// One script for every page, and parts that only some pages load. What both need stands in the page's script, and the
// parts take it from there: a page waits for one file, not for a chain of chunks, and nothing exists twice.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { build } from "esbuild";

import { SOURCE, bundle, hash } from "./bundle.mjs";

const LOOK = { bundle: true, write: false, metafile: true, outdir: "dist", format: "esm", logLevel: "error" };
const DEFINE = { __ASSETS__: "{}", __BUILD__: '""' };

export async function pageAndParts(page, parts, { assets, url }) {
  const names = await wantedExports(page, parts);
  const apart = { format: "esm", splitting: true, assets };
  // The page's script names the build: it must be another one when only a part has changed.
  const draft = await bundle(parts, { ...apart, plugins: [takeFrom("/page.js", names)] });
  const mark = hash(Object.values(draft).map(({ content }) => hash(content)).sort().join());
  const whole = await bundle([page], { format: "esm", assets, plugins: [giveAway(page, names, mark)] });
  return { ...whole, ...(await bundle(parts, { ...apart, plugins: [takeFrom(url(whole[page].name), names)] })) };
}

async function wantedExports(page, parts) {
  const [ofPage, ofParts] = await Promise.all([[page], parts].map(inputs));
  const own = Object.entries(ofParts).filter(([path]) => path.startsWith(SOURCE) && !(path in ofPage));
  const wanted = own.flatMap(([, { imports }]) => imports.map(({ path }) => path));
  const shared = wanted.filter((path) => path in ofPage && path.startsWith(SOURCE));
  return exportsOf([...new Set(shared)].sort(), own.map(([path]) => readFileSync(path, "utf8")).join("\n"));
}

async function inputs(entries) {
  const { metafile } = await build({ ...LOOK, define: DEFINE, entryPoints: entries.map((name) => `${SOURCE}/${name}`) });
  return metafile.inputs;
}

// {path: names} that occur in the text; each is given away under one of its own, because two modules may use the same.
async function exportsOf(modules, text) {
  const { metafile } = await build({ ...LOOK, bundle: false, entryPoints: modules });
  const found = Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports]);
  const places = new Map(modules.map((path, place) => [path, place]));
  const used = (name) => new RegExp(`\\b${name}\\b`).test(text);
  const own = (path) => (name) => [name, `${name}_${places.get(path)}`];
  return Object.fromEntries(found.map(([path, exports]) => [resolve(path), exports.filter(used).map(own(path))]));
}

function giveAway(page, names, mark) {
  const more = Object.entries(names).map(([path, pairs]) => `export {${aliases(pairs)}} from ${JSON.stringify(path)};`);
  const setup = ({ onLoad }) =>
    onLoad({ filter: new RegExp(`/${SOURCE}/${page}$`) }, ({ path }) => ({
      contents: [readFileSync(path, "utf8"), ...more, `export const parts = "${mark}";`].join("\n"),
    }));
  return { name: "give-away", setup };
}

function takeFrom(url, names) {
  const setup = ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, namespace }) => {
      const file = resolve(resolveDir, path);
      return namespace === "file" && file in names ? { path: file, namespace: "page", sideEffects: false } : undefined;
    });
    onResolve({ filter: /./, namespace: "page" }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: "page" }, ({ path }) => ({
      contents: `export {${aliases(names[path].map(([name, own]) => [own, name]))}} from "${url}";`,
    }));
  };
  return { name: "take-from", setup };
}

function aliases(pairs) {
  return pairs.map(([from, to]) => `${from} as ${to}`).join();
}
