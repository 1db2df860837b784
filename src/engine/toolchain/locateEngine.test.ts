import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realPorts } from "../../system/realPorts.ts";
import { workspaceAt, type Workspace } from "../../Workspace.ts";
import { engineVersion } from "./engineVersion.ts";
import { engineDirectory, locateEngine } from "./locateEngine.ts";

const real = realPorts();
const { files } = real;
let directory: string;
let workspace: Workspace;

beforeEach(async () => {
  directory = await files.temporaryDirectory("landfall-locate-");
  workspace = workspaceAt(join(directory, "clone"), join(directory, "cache"));
});
afterEach(() => files.remove(directory));

/** A program that answers as an engine of this version and notes every call. */
async function fakeEngine(name: string, version: string): Promise<string> {
  const path = join(directory, name);
  await files.write(path, `#!/bin/sh\necho call >> ${path}.calls\necho '{"terraform_version":"${version}"}'\n`, 0o755);
  return path;
}

const calls = async (path: string): Promise<number> =>
  ((await files.read(`${path}.calls`)) ?? "").split("call").length - 1;

function portsWith(environment: Record<string, string>, onPath?: string) {
  const which = async (program: string) => (program === "tofu" ? onPath : real.processes.which(program));
  return {
    ...real,
    processes: { ...real.processes, which },
    machine: { ...real.machine, environment: { PATH: "/usr/bin:/bin", ...environment } },
  };
}

async function cached(way: string): Promise<void> {
  await files.makeDirectory(engineDirectory(workspace));
  await files.write(join(engineDirectory(workspace), "tofu"), "", 0o755);
  await files.write(join(engineDirectory(workspace), "origin.json"), JSON.stringify({ way, version: engineVersion }));
}

test("LANDFALL_TOFU comes before PATH, PATH before the cache", async () => {
  const named = await fakeEngine("named", "1.13.0");
  const onPath = await fakeEngine("tofu", "1.12.0");
  await cached("source");
  expect(await locateEngine(workspace, portsWith({ LANDFALL_TOFU: named }, onPath))).toMatchObject({
    program: named,
    version: "1.13.0",
    way: "named",
  });
  expect(await locateEngine(workspace, portsWith({}, onPath))).toMatchObject({ program: onPath, way: "path" });
  expect(await locateEngine(workspace, portsWith({}))).toMatchObject({ version: engineVersion, way: "source" });
});

test("a tofu on PATH that is too old, or is something else, is passed over", async () => {
  await cached("release");
  for (const version of ["1.11.9", "1.12.0-rc1"]) {
    const old = await fakeEngine(`tofu-${version}`, version);
    expect(await locateEngine(workspace, portsWith({}, old))).toMatchObject({ way: "release" });
  }
  expect(await locateEngine(workspace, portsWith({}, "/bin/true"))).toMatchObject({ way: "release" });
});

test("asks a program for its version once, and again when the file has changed", async () => {
  const onPath = await fakeEngine("tofu", "1.12.4");
  const ports = portsWith({}, onPath);
  for (let index = 0; index < 3; index += 1) await locateEngine(workspace, ports);
  expect(await calls(onPath)).toBe(1);
  await fakeEngine("tofu", "1.12.5-longer");
  expect(await locateEngine(workspace, ports)).toMatchObject({ version: "1.12.5-longer" });
  expect(await calls(onPath)).toBe(2);
});

test("LANDFALL_TOFU that is no engine, or too old, is an error and never passed over", async () => {
  await cached("release");
  await expect(locateEngine(workspace, portsWith({ LANDFALL_TOFU: "/nowhere/tofu" }))).rejects.toMatchObject({
    code: "engine.notFound",
    exit: 4,
  });
  const old = await fakeEngine("old", "1.8.0");
  await expect(locateEngine(workspace, portsWith({ LANDFALL_TOFU: old }))).rejects.toMatchObject({
    code: "engine.tooOld",
  });
});

test("nothing there, and an unfinished installation counts as nothing", async () => {
  expect(await locateEngine(workspace, portsWith({}))).toBeUndefined();
  await files.makeDirectory(engineDirectory(workspace));
  await files.write(join(engineDirectory(workspace), "tofu"), "half", 0o755);
  expect(await locateEngine(workspace, portsWith({}))).toBeUndefined();
});
