// Bundles src/main.ts into dist/, for a quick start: build.mjs [NODE], the runtime that dist/node shall link to.
// Names of chunks carry a hash of their content and dist/main.js is renamed into place last, so whoever starts
// or runs meanwhile sees one whole build. Plain JavaScript: Node strips no types inside node_modules.
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const runtime = resolve(process.argv[2] ?? process.execPath);
// Processes that started from an older build may still load its chunks.
const chunksLastMs = 24 * 60 * 60 * 1000;

/**
 * Node's own modules that take milliseconds to load, and that many commands never call: each function that the
 * sources import from them loads its module at the first call.
 */
const lateBuiltins = {
  name: "late builtins",
  setup(build) {
    const late = /^node:(child_process|crypto|net|readline\/promises|stream\/consumers|fs\/promises)$/;
    build.onResolve({ filter: late }, ({ path }) => ({ path, namespace: "late" }));
    build.onLoad({ filter: late, namespace: "late" }, async ({ path }) => ({ contents: await lateModule(path) }));
  },
};

const started = new Date();
await mkdir(dist, { recursive: true });
const workshop = await mkdtemp(join(dist, ".build-"));
try {
  await bundle();
  await putInPlace();
} finally {
  await rm(workshop, { recursive: true, force: true });
}
await removeOldFiles();

/** Classes are left out: importing one fails the build instead of breaking `new` and `instanceof`. */
async function lateModule(name) {
  const functions = Object.entries(await import(name)).filter(
    ([key, value]) => typeof value === "function" && key !== "default" && !/^[A-Z]/.test(key),
  );
  const late = functions.map(
    ([key]) => `export function ${key}(...given) { return process.getBuiltinModule("${name}").${key}(...given); }`,
  );
  return [...late, ...(name === "node:fs/promises" ? [`export { constants } from "node:fs";`] : [])].join("\n");
}

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: { landfall: "src/main.ts" },
    outdir: workshop,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    // Not "node": that would choose the CommonJS of packages that also have ES modules.
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*"],
    target: "node24",
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    plugins: [lateBuiltins],
  });
}

async function putInPlace() {
  await linkRuntime();
  const names = await readdir(workshop);
  for (const name of names) await rename(join(workshop, name), join(dist, name));
  await writeFile(join(workshop, "main.js"), entry(names.find((name) => name.startsWith("landfall-"))));
  // Its time says how new the sources were: an edit during the build makes it stale.
  await utimes(join(workshop, "main.js"), started, started);
  await rename(join(workshop, "main.js"), join(dist, "main.js"));
}

/** What Node compiled is kept from one start to the next, where dist/ can be written. */
function entry(name) {
  return [
    `import { enableCompileCache } from "node:module";`,
    `enableCompileCache(import.meta.dirname + "/compiled");`,
    `await import("./${name}");`,
    "",
  ].join("\n");
}

/** Relative inside the tree, so that the tree can be moved. */
async function linkRuntime() {
  const inside = relative(dist, runtime);
  const target = runtime.startsWith(join(root, "node_modules")) ? inside : runtime;
  await symlink(target, join(workshop, "node"));
  await rename(join(workshop, "node"), join(dist, "node"));
}

async function removeOldFiles() {
  for (const name of await readdir(dist)) {
    const path = join(dist, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (name === "main.js" || name === "node" || started.getTime() - mtimeMs < chunksLastMs) continue;
    await rm(path, { recursive: true, force: true });
  }
}
