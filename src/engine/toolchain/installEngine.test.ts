import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../events/Event.ts";
import { realPorts } from "../../system/realPorts.ts";
import { workspaceAt, type Workspace } from "../../Workspace.ts";
import { startReleaseServer, type Fault, type ReleaseServer } from "../../../test/support/releaseServer.ts";
import { engineVersion } from "./engineVersion.ts";
import { installEngine } from "./installEngine.ts";
import { engineDirectory, locateEngine } from "./locateEngine.ts";

const real = realPorts();
const { files, machine } = real;
const archiveName = `tofu_${engineVersion}_${machine.system}_${machine.architecture}.tar.gz`;
const folder = `/v${engineVersion}`;
const sumsName = `tofu_${engineVersion}_SHA256SUMS`;

/** A stand-in that answers the version as the engine does; the padding makes the archive large enough to cut. */
const engine = (version: string): string =>
  `#!/bin/sh\n[ "$2" = -json ] && echo '{"terraform_version":"${version}"}' || echo 'OpenTofu v${version}'\nexit 0\n# ${randomBytes(200_000).toString("base64")}\n`;

let directory: string;
let workspace: Workspace;
let archive: Buffer;
let server: ReleaseServer | undefined;
let events: Event[];

beforeEach(async () => {
  events = [];
  directory = await files.temporaryDirectory("landfall-install-");
  workspace = workspaceAt(join(directory, "clone"), join(directory, "cache"));
  archive = await packed(engine(engineVersion));
  await files.makeDirectory(join(directory, "engine"));
  const recipe = `module x\ngo 1.26\ntool example.org/engine/cmd/tofu\nrequire example.org/engine v${engineVersion}\n`;
  await files.write(join(directory, "engine", "go.mod"), recipe);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await files.remove(directory);
});

async function packed(content: string): Promise<Buffer> {
  const source = join(directory, "release");
  await files.makeDirectory(source);
  await files.write(join(source, "tofu"), content, 0o755);
  await files.write(join(source, "LICENSE"), "licence");
  await real.processes.run({
    program: "tar",
    arguments: ["-czf", "release.tar.gz", "LICENSE", "tofu"],
    directory: source,
  });
  return Buffer.from((await files.readBytes(join(source, "release.tar.gz"))) ?? []);
}

async function serve(faults: Record<string, Fault> = {}, sum = sha256(archive)): Promise<void> {
  const sums = `${"0".repeat(64)}  tofu_${engineVersion}_other_arch.tar.gz\n${sum}  ${archiveName}\n`;
  server = await startReleaseServer({ [`${folder}/${sumsName}`]: sums, [`${folder}/${archiveName}`]: archive }, faults);
}

function portsWith(environment: Record<string, string> = {}, path = "/usr/bin:/bin") {
  const own = { PATH: path, LANDFALL_RELEASES_URL: server?.url ?? "http://127.0.0.1:9", ...environment };
  const processes = {
    ...real.processes,
    which: async (program: string) =>
      ["go", "tofu"].includes(program) || program.endsWith("/go") ? undefined : real.processes.which(program),
  };
  return {
    ...real,
    processes,
    machine: { ...machine, environment: own },
    emit: (event: Event) => void events.push(event),
  };
}

const install = (environment?: Record<string, string>) => installEngine(workspace, directory, portsWith(environment));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const left = async (): Promise<string[] | undefined> => files.list(engineDirectory(workspace));

describe("the official release", () => {
  test("is checked, put in place and found from then on", async () => {
    await serve();
    expect(await locateEngine(workspace, portsWith())).toBeUndefined();
    const installed = await install();
    expect(installed).toMatchObject({ version: engineVersion, way: "release" });
    expect(await locateEngine(workspace, portsWith())).toEqual(installed);
    expect(await left()).toEqual(["origin.json", "tofu"]);
    const origin = JSON.parse((await files.read(join(engineDirectory(workspace), "origin.json"))) ?? "") as object;
    expect(origin).toEqual({
      way: "release",
      version: engineVersion,
      url: `${server?.url}${folder}/${archiveName}`,
      sha256: sha256(archive),
    });
    expect(events[0]).toMatchObject({ type: "step.started", step: "engine" });
    expect(events.at(-1)).toMatchObject({ type: "step.finished", step: "engine" });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "step.progress", done: archive.length, total: archive.length }),
    );
  });

  test("is fetched once when two ask for it at the same time", async () => {
    await serve();
    await Promise.all([install(), install(), install()]);
    expect(server?.requests.filter((path) => path.includes(archiveName))).toHaveLength(1);
  });

  test("with a wrong checksum is removed, never used, and nothing else is tried", async () => {
    await serve({}, "a".repeat(64));
    await expect(install()).rejects.toMatchObject({ code: "engine.checksum" });
    expect(await left()).toEqual([]);
    expect(await locateEngine(workspace, portsWith())).toBeUndefined();
    expect(events.filter(({ type }) => type === "step.started")).toHaveLength(1);
  });

  test("goes on where the transfer broke off", async () => {
    await serve({ [archiveName]: { cutAfter: 60_000, times: 2 } });
    expect(await install()).toMatchObject({ way: "release" });
    const ranges = server?.requests.filter((path) => path.includes(archiveName)) ?? [];
    expect(ranges).toHaveLength(3);
    expect(ranges[2]).toContain("bytes=120000-");
  });

  test("goes on in the next run when it broke off for good", async () => {
    await serve({ [archiveName]: { cutAfter: 30_000, times: 3 } });
    await expect(install()).rejects.toMatchObject({ code: "toolchain.noGo" });
    expect(await left()).toEqual([`${archiveName}.part`]);
    expect(await install()).toMatchObject({ way: "release" });
    expect(server?.requests.at(-1)).toContain("bytes=90000-");
  });

  test("starts over where an earlier run left something else", async () => {
    await serve();
    await files.makeDirectory(engineDirectory(workspace));
    await files.write(join(engineDirectory(workspace), `${archiveName}.part`), randomBytes(archive.length + 5));
    expect(await install()).toMatchObject({ way: "release" });
  });

  test("that does not run is not used", async () => {
    archive = await packed("#!/bin/sh\necho broken >&2; exit 1\n");
    await serve();
    await expect(install()).rejects.toMatchObject({ code: "engine.unusable" });
    expect(await left()).not.toContain("tofu");
  });
});

describe("without a release the source is built, which needs Go", () => {
  test.each<[string, Record<string, Fault>]>([
    ["a server that hangs", { [sumsName]: { hang: true } }],
    ["no such release", { [sumsName]: { status: 404 } }],
    ["a server in trouble", { [archiveName]: { status: 503 } }],
  ])("%s", async (_, faults) => {
    await serve(faults);
    const began = Date.now();
    const error = await install().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "toolchain.noGo", exit: 4 });
    expect((error as { hint: string }).hint).toContain("install Go");
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(events).toContainEqual(expect.objectContaining({ type: "notice", code: "engine.releaseUnreachable" }));
    expect(await left()).not.toContain("tofu");
  });

  test("nothing listens at all", async () => {
    await expect(install()).rejects.toMatchObject({ code: "toolchain.noGo" });
  });
});
