// Bundles src/main.ts into dist/, for a quick start: build.mjs [NODE], the runtime that dist/node shall link to.
// Names of chunks carry a hash of their content and dist/main.cjs is renamed into place last, so whoever starts
// or runs meanwhile sees one whole build. Plain JavaScript: Node strips no types inside node_modules.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const runtime = resolve(process.argv[2] ?? process.execPath);
// Processes that started from an older build may still load its chunks.
const chunksLastMs = 24 * 60 * 60 * 1000;

/**
 * Node's own modules, each loaded at the first call into it. An ordinary import of one reads everything that it
 * exports, and so loads what even `--help` would never use: that takes as long as all of our own code.
 */
const lateBuiltins = {
  name: "late builtins",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "late" }));
    build.onLoad({ filter: /^node:/, namespace: "late" }, async ({ path }) => ({ contents: await lateModule(path) }));
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
  const module = `process.getBuiltinModule("${name}")`;
  return Object.entries(await import(name))
    .flatMap(([key, value]) => {
      if (key === "default" || (typeof value === "function" && /^[A-Z]/.test(key))) return [];
      if (typeof value === "function") return `export function ${key}(...given) { return ${module}.${key}(...given); }`;
      if (typeof value !== "object") return `export const ${key} = ${JSON.stringify(value)};`;
      return `export const ${key} = /* @__PURE__ */ new Proxy({}, { get: (_, name) => ${module}.${key}[name] });`;
    })
    .join("\n");
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
    target: "node24",
    // The one that needs none of Node's modules: no template names another file.
    alias: { liquidjs: "liquidjs/dist/liquid.browser.mjs" },
    minifySyntax: true,
    // Asking Node for them loads a tenth of it; what is asked is which build this is.
    define: {
      "import.meta.filename": JSON.stringify(`build of ${started.toISOString()}`),
      "import.meta.dirname": JSON.stringify("/nonexistent"),
    },
    legalComments: "none",
    logLevel: "warning",
    plugins: [lateBuiltins],
  });
}

async function putInPlace() {
  await linkRuntime();
  const names = await readdir(workshop);
  for (const name of names) await rename(join(workshop, name), join(dist, name));
  const program = names.find((name) => name.startsWith("landfall-"));
  await writeFile(join(workshop, "main.cjs"), entry(program));
  await writeFile(join(dist, "help.txt"), await helpText(program));
  // Its time says how new the sources were: an edit during the build makes it stale.
  await utimes(join(workshop, "main.cjs"), started, started);
  await rename(join(workshop, "main.cjs"), join(dist, "main.cjs"));
}

/**
 * What Node compiled is kept from one start to the next, where dist/ can be written. Help is the same at every start:
 * it was written down by the build, and needs none of the program.
 */
function entry(name) {
  return [
    `if (["", "--help"].includes(process.argv.slice(2).join(" "))) {`,
    `  process.stdout.on("error", () => {}).write(require("node:fs").readFileSync(__dirname + "/help.txt"));`,
    `} else {`,
    `  process.getBuiltinModule("node:module").enableCompileCache(__dirname + "/compiled");`,
    `  require("./${name}");`,
    `}`,
    "",
  ].join("\n");
}

async function helpText(name) {
  const entryOfBuild = join(workshop, "help.cjs");
  await writeFile(entryOfBuild, `require(${JSON.stringify(join(dist, name))});`);
  const { stdout } = await promisify(execFile)(runtime, [entryOfBuild, "--help"]);
  return stdout;
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
    if (["main.cjs", "node", "help.txt"].includes(name) || started.getTime() - mtimeMs < chunksLastMs) continue;
    await rm(path, { recursive: true, force: true });
  }
}
