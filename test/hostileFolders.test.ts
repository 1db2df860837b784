import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProviderFolder } from "../src/providers/discoverProviders.ts";
import type { BrokenProvider } from "../src/providers/Provider.ts";
import { realFiles } from "../src/system/realFiles.ts";
import { manifest, writeManifest } from "./support/hostileProvider.ts";
import { hostileProviders } from "./support/hostileProviders.ts";
import { landfall } from "./support/landfall.ts";
import { repository } from "./support/makeTree.ts";

/** Folders of people who mean harm, or whose disk broke: each costs one line, and nothing of it runs. */
const away = await mkdtemp(join(tmpdir(), "landfall-hostile-"));
const marks = join(away, "marks");
const { root, providers } = cloneAt("clone");
const cases = hostileProviders(marks);

beforeAll(() => {
  mkdirSync(marks);
  for (const { name, make } of cases) make(join(providers, name));
});
afterAll(() => rm(away, { recursive: true, force: true }));

/** With one provider that is sound. */
function cloneAt(name: string): { root: string; providers: string } {
  const root = join(away, name);
  const providers = join(root, "infrastructure", "terraform", "providers");
  mkdirSync(providers, { recursive: true });
  for (const file of ["main.tf", "variables.tf", "outputs.tf"]) writeFileSync(join(providers, "..", file), "");
  writeManifest(join(providers, "sound"), manifest("sound"));
  return { root, providers };
}

interface Listing {
  providers: { name: string; folder: string }[];
  broken: BrokenProvider[];
}

const list = async (root: string, environment: Record<string, string> = {}): Promise<Listing> =>
  (await landfall(root, ["providers", "--json"], environment)).result as unknown as Listing;

/** Escapes, writing that turns around, and what ends a line for some. */
const unclean = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

test("the corpus is large, and each case is another", () => {
  expect(cases.length).toBeGreaterThanOrEqual(150);
  expect(new Set(cases.map(({ what }) => what)).size).toBe(cases.length);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

describe("each gets what it deserves", () => {
  let listing: Listing;
  beforeAll(async () => {
    listing = await list(root);
  });

  test.each(cases)("$what", ({ name, expected }) => {
    const listed = listing.providers.filter((provider) => provider.name === name);
    const broken = listing.broken.filter(({ folder }) => folder === join(providers, name));
    expect([listed.length, broken.map(({ reason }) => reason.slice(0, 200))]).toEqual(
      expected === "listed" ? [1, []] : expected === "skipped" ? [0, []] : [0, [expect.stringMatching(expected)]],
    );
  });

  test("and the sound one is still there", () => {
    expect(listing.providers.map(({ name }) => name)).toContain("sound");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

test("none of them makes listing slow or large", async () => {
  const slow: string[] = [];
  const before = process.memoryUsage().rss;
  for (const { name, what } of cases) {
    const began = performance.now();
    await readProviderFolder(join(providers, name), realFiles);
    const ms = performance.now() - began;
    if (ms > 2000) slow.push(`${what}: ${Math.round(ms)} ms`);
  }
  expect(slow).toEqual([]);
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(500);
});

test("for people each is one short line without anything that a terminal obeys", async () => {
  const { stdout, status } = await landfall(root, ["providers"]);
  expect(status).toBe(0);
  expect(unclean.exec(stdout)?.[0]).toBeUndefined();
  const { providers: fine, broken } = await list(root);
  const lines = stdout.split("\n");
  expect(lines.filter((line) => line.startsWith("broken: "))).toHaveLength(broken.length);
  // The heading, a blank line, the closing sentence, and the end of the last line.
  expect(lines).toHaveLength(fine.length + broken.length + 4);
  expect(lines.filter((line) => line.length > 760)).toEqual([]);
  expect(lines.filter((line) => line.startsWith("fake-provider"))).toEqual([]);
});

test("provider info of each describes it or says why not, in few clean lines, and is no bug", async () => {
  const alone = cloneAt("alone");
  for (const { name, make, expected } of cases) {
    if (name.startsWith("link-") || name === "to-sibling") continue;
    const folder = join(alone.providers, name);
    make(folder);
    const { status, stdout, stderr } = await landfall(alone.root, ["provider", "info", "--", name]);
    expect([name, status, stderr.slice(0, 300)]).toEqual([
      name,
      expected === "listed" ? 0 : 3,
      expected === "listed" ? "" : expect.stringContaining("error: "),
    ]);
    expect(unclean.exec(stdout + stderr)?.[0], name).toBeUndefined();
    expect(`${stdout}${stderr}`.split("\n").length, name).toBeLessThan(120);
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

describe("LANDFALL_PROVIDERS_PATH", () => {
  const place = (name: string): string => join(away, name);
  const { root, providers } = cloneAt("with-path");
  test.each<[string, (path: string) => void, RegExp | undefined]>([
    ["nowhere", () => undefined, /absent/],
    ["a file", (path) => writeFileSync(path, ""), /cannot be read|absent/],
    ["a link to itself", (path) => symlinkSync(path, path), /cannot be read|absent/],
    ["a FIFO", (path) => void execFileSync("mkfifo", [path]), /cannot be read|absent/],
    ["a device", (path) => symlinkSync("/dev/zero", path), /cannot be read|absent/],
    ["nothing in it", (path) => mkdirSync(path), undefined],
    ["a link to the tree", (path) => symlinkSync(providers, path), undefined],
  ])("%s costs one line at most", async (what, make, reason) => {
    const entry = place(what.replaceAll(" ", "-"));
    make(entry);
    const { providers: found, broken } = await list(root, { LANDFALL_PROVIDERS_PATH: `${entry}:${entry}::` });
    expect(found.map(({ name }) => name)).toContain("sound");
    const told = broken.filter(({ folder }) => folder === entry);
    expect(told.map(({ reason }) => reason)).toEqual(reason === undefined ? [] : [expect.stringMatching(reason)]);
  });

  test("a name that is taken already costs one line, and the tree wins", async () => {
    for (const directory of ["first", "second"]) writeManifest(join(place(directory), "sound"), manifest("sound"));
    writeManifest(join(place("second"), "Sound"), manifest("Sound"));
    const { providers: found, broken } = await list(root, {
      LANDFALL_PROVIDERS_PATH: `${place("first")}:${place("second")}`,
    });
    expect(found.filter(({ name }) => name === "sound").map(({ folder }) => folder)).toEqual([
      join(providers, "sound"),
    ]);
    const told = broken.filter(
      ({ folder }) => folder.startsWith(`${away}/first`) || folder.startsWith(`${away}/second`),
    );
    expect(told.map(({ reason }) => reason.slice(0, 17)).sort()).toEqual([
      "the folder's name",
      "the name is taken",
      "the name is taken",
    ]);
  });
});

describe("system calls", () => {
  const traced = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;
  if (!traced)
    process.stderr.write(
      "SKIPPED: strace is not here or may not trace, so that nothing shows what listing really does\n",
    );

  const trace = (argv: readonly string[]): { calls: string[]; stdout: string } => {
    const file = join(away, "trace");
    const { stdout } = spawnSync(
      "strace",
      [
        "-f",
        "-s",
        "4096",
        "-e",
        "trace=%process,%network,openat,open",
        "-o",
        file,
        process.execPath,
        join(repository, "src", "main.ts"),
        ...argv,
      ],
      {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: away, LANDFALL_ROOT: root, LANDFALL_CACHE: join(away, "cache") },
        timeout: 120_000,
        maxBuffer: 1 << 28,
      },
    );
    const calls = readFileSync(file, "utf8").split("\n");
    rmSync(file);
    return { calls, stdout };
  };
  /** The C library looks for a daemon when Node asks for the name of the user. */
  const ofLibrary = `, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}`;
  const named = (calls: readonly string[], name: RegExp): string[] =>
    calls.filter((call) => name.test(call) && !call.includes(ofLibrary));

  test.skipIf(!traced)(
    "listing and info start no program, connect nowhere, and open nothing but manifests",
    () => {
      const infos = ["code-provider", "code-shell", "hcl-external", "npm-modules", "git-hooks", "manifest-1"];
      for (const argv of [["providers"], ["providers", "--json"], ...infos.map((name) => ["provider", "info", name])]) {
        const { calls, stdout } = trace(argv);
        expect(named(calls, /\bexecve(at)?\(/), argv.join(" ")).toHaveLength(1);
        expect(named(calls, /\b(connect|bind|listen|sendto|sendmsg|sendmmsg)\(|\bsocket\(AF_INET|\bv?fork\(/)).toEqual(
          [],
        );
        // A thread shares memory with what made it; a process does not.
        expect(named(calls, /\bclone3?\(/).filter((call) => !call.includes("CLONE_THREAD"))).toEqual([]);
        const opened = calls.flatMap((call) => /\bopen(?:at)?\(.*?"([^"]*)"/.exec(call)?.[1] ?? []);
        expect(opened).toContain(providers);
        const inside = opened.filter((file) => file.startsWith(`${providers}/`));
        expect(inside.filter((file) => !/\/(provider|real)\.yaml$/.test(file))).toEqual([]);
        if (argv.length === 1) expect(stdout).toContain("sound");
      }
    },
    600_000,
  );

  test.skipIf(!traced)(
    "the trace would show it",
    () => {
      const calls = trace(["doctor", "code-provider"]).calls;
      expect(named(calls, /\bexecve\(/).length).toBeGreaterThan(1);
      expect(existsSync(join(marks, "provider"))).toBe(true);
      rmSync(join(marks, "provider"));
    },
    120_000,
  );
});

test("nothing of all that ran", () => {
  expect(readdirSync(marks)).toEqual([]);
});
