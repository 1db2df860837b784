import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createZstdCompress } from "node:zlib";
import { cache } from "./landfall.ts";
import { repository } from "./makeTree.ts";

const run = promisify(execFile);
const sources = join(repository, "test", "fixtures", "images");

/** What the images of the fixtures run; each is the layer base and one of its own name. */
const commands = {
  database: ["/usr/bin/database"],
  metrics: ["/usr/bin/prometheus"],
  proxy: ["/usr/bin/caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
  tracker: ["/usr/bin/opentracker"],
};

type Image = keyof typeof commands;

/**
 * An archive that `docker load` takes, made without a container engine from Debian packages: landfall-test/NAME:1 for
 * each name. Layers and archives stay in the cache until the recipe changes: half a minute once, then nothing.
 */
export async function imageArchive(...images: Image[]): Promise<string> {
  const recipe = createHash("sha256");
  for (const file of ["layers.sh", "database.sh"]) recipe.update(await readFile(join(sources, file)));
  const key = recipe.update(JSON.stringify(commands)).digest("hex").slice(0, 12);
  const folder = join(cache, "tests", `images-${key}`);
  const archive = join(folder, `${images.toSorted().join("-")}.tar.zst`);
  if (existsSync(archive)) return archive;
  await buildLayers(folder);
  await writeArchive(folder, archive, images);
  return archive;
}

let building: Promise<void> | undefined;

/** Once, however many archives are asked for at the same time. */
function buildLayers(folder: string): Promise<void> {
  return (building ??= makeLayers(folder));
}

async function makeLayers(folder: string): Promise<void> {
  if (existsSync(join(folder, "layers"))) return;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, "building-"));
  try {
    await run("sh", [join(sources, "layers.sh"), work], { maxBuffer: 2 ** 26 });
    await rename(work, join(folder, "layers"));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeArchive(folder: string, archive: string, images: Image[]): Promise<void> {
  const work = await mkdtemp(join(folder, "building-"));
  try {
    const manifest = [];
    const files = ["manifest.json"];
    for (const image of images) {
      const diffs = await Promise.all([digestOf(folder, "base"), digestOf(folder, image)]);
      const config = JSON.stringify({
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        os: "linux",
        config: { Cmd: commands[image], Env: ["PATH=/usr/sbin:/usr/bin"], WorkingDir: "/" },
        rootfs: { type: "layers", diff_ids: diffs.map((digest) => `sha256:${digest}`) },
        history: [{ created_by: "landfall-test base" }, { created_by: `landfall-test ${image}` }],
      });
      await writeFile(join(work, `${image}.json`), config);
      files.push(`${image}.json`);
      manifest.push({
        Config: `${image}.json`,
        RepoTags: [`landfall-test/${image}:1`],
        Layers: ["base.tar", `${image}.tar`],
      });
    }
    await writeFile(join(work, "manifest.json"), JSON.stringify(manifest));
    const tars = ["base.tar", ...images.map((image) => `${image}.tar`)];
    const tar = join(work, "archive.tar");
    await run("tar", ["-cf", tar, "-C", work, ...files, "-C", join(folder, "layers"), ...tars]);
    await pipeline(createReadStream(tar), createZstdCompress(), createWriteStream(`${tar}.zst`));
    await rename(`${tar}.zst`, archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function digestOf(folder: string, layer: string): Promise<string> {
  const digest = createHash("sha256");
  await pipeline(createReadStream(join(folder, "layers", `${layer}.tar`)), digest);
  return digest.digest("hex");
}
