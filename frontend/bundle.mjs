// One call of esbuild; answers {logical name: {name, content}}.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";

import { build } from "esbuild";

export const SOURCE = "crew_app/static/src";

export async function bundle(entries, options) {
  const { format, splitting = false, plugins = [], assets = {}, build: version = "", hashed = true } = options;
  const present = entries.filter(exists);
  if (present.length === 0) return {};
  const result = await build({
    entryPoints: present.map((entry) => join(SOURCE, entry)),
    outdir: "dist",
    entryNames: hashed ? "[name]-[hash]" : "[name]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    publicPath: "/static/dist",
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    loader: { ".svg": "file", ".png": "file", ".webp": "file", ".woff2": "file" },
    define: { __ASSETS__: JSON.stringify(assets), __BUILD__: JSON.stringify(version) },
    format,
    splitting,
    plugins,
  });
  return named(result, present);
}

export function hash(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 10).toUpperCase();
}

// Chunks and pictures used by style sheets have no logical name of their own: they stand under their file name.
function named({ outputFiles, metafile }, entries) {
  const files = outputFiles.map(({ path, contents }) => {
    const { entryPoint } = metafile.outputs[relative(process.cwd(), path).replaceAll("\\", "/")];
    const entry = entries.find((name) => `${SOURCE}/${name}` === entryPoint);
    return [entry ?? basename(path), { name: basename(path), content: contents }];
  });
  return Object.fromEntries(files);
}

function exists(entry) {
  const found = existsSync(join(SOURCE, entry));
  if (!found) console.warn(`not built, because it does not exist: ${SOURCE}/${entry}`);
  return found;
}
