import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../events/Event.ts";
import { realPorts } from "../../system/realPorts.ts";
import { workspaceAt, type Workspace } from "../../Workspace.ts";
import { startReleaseServer, type ReleaseServer } from "../../../test/support/releaseServer.ts";
import { locatePlugin } from "./locatePlugin.ts";
import type { PluginOwner } from "./pluginSource.ts";
import { preparePlugin } from "./preparePlugin.ts";

const real = realPorts();
const { files, machine } = real;
const go = (await real.processes.which("go")) ?? (await real.processes.which("/usr/local/go/bin/go"));
if (go === undefined) process.stderr.write("SKIPPED: no Go on this machine, so no plugin is built in the tests\n");

let directory: string;
let workspace: Workspace;
let owner: PluginOwner;
let registry: ReleaseServer | undefined;
let events: Event[];

beforeEach(async () => {
  events = [];
  directory = await files.temporaryDirectory("landfall-plugin-");
  workspace = workspaceAt(directory, join(directory, "cache"));
  owner = {
    name: "acme",
    folder: join(directory, "acme"),
    manifest: { plugin: { source: "acme/acme" } },
  };
  await files.makeDirectory(join(owner.folder, "plugin"));
  await files.makeDirectory(join(directory, "home"));
});
afterEach(async () => {
  await registry?.close();
  registry = undefined;
  await files.remove(directory);
});

function ports(environment: Record<string, string> = {}) {
  const own = {
    PATH: machine.environment["PATH"],
    HOME: machine.home,
    LANDFALL_REGISTRY_PROBE_URL: `${registry?.url ?? "http://127.0.0.1:9"}/discovery`,
    ...environment,
  };
  return {
    ...real,
    machine: { ...machine, home: join(directory, "home"), environment: own },
    emit: (event: Event) => void events.push(event),
  };
}

/** A recipe whose modules are all beside it: no proxy is needed. */
async function writeRecipe(source = 'package main\nfunc main() { println("acme plugin") }\n'): Promise<void> {
  const plugin = join(owner.folder, "plugin");
  await files.makeDirectory(join(plugin, "source"));
  await files.write(
    join(plugin, "go.mod"),
    "module example.org/recipe\ngo 1.24\ntool example.org/acme\nrequire example.org/acme v1.4.2\nreplace example.org/acme => ./source\n",
  );
  await files.write(join(plugin, "source", "go.mod"), "module example.org/acme\ngo 1.24\n");
  await files.write(join(plugin, "source", "main.go"), source);
}

const configurationOf = async (environment: Record<string, string>): Promise<string> =>
  (await files.read(environment["TF_CLI_CONFIG_FILE"] ?? "")) ?? "";

test("a module without a plugin needs nothing, and asks nobody", async () => {
  const plain = { ...owner, manifest: {} };
  expect(await preparePlugin(plain, workspace, ports())).toMatchObject({ kind: "none", environment: {} });
});

test("the user's own configuration is respected; one that is named but not there is not", async () => {
  const path = join(directory, "mine.tfrc");
  expect(await locatePlugin(owner, workspace, ports({ TF_CLI_CONFIG_FILE: path }))).toBeUndefined();
  await files.write(path, "");
  expect(await preparePlugin(owner, workspace, ports({ TF_CLI_CONFIG_FILE: path }))).toEqual({
    kind: "configured",
    description: `as ${path} says`,
    environment: { TF_CLI_CONFIG_FILE: path },
  });
  await files.write(join(directory, "home", ".tofurc"), "provider_installation {\n}\n");
  expect(await preparePlugin(owner, workspace, ports())).toMatchObject({ kind: "configured" });
});

test("a mirror that is named is used; one that lacks the plugin is an error with the path", async () => {
  const mirror = join(directory, "mirror");
  const wanted = join(mirror, "registry.opentofu.org", "acme", "acme");
  await expect(preparePlugin(owner, workspace, ports({ LANDFALL_PLUGIN_MIRROR: mirror }))).rejects.toMatchObject({
    code: "plugin.notInMirror",
    exit: 4,
    problems: [{ where: wanted }],
  });
  await files.makeDirectory(wanted);
  const source = await preparePlugin(owner, workspace, ports({ LANDFALL_PLUGIN_MIRROR: mirror }));
  expect(source.kind).toBe("mirror");
  const text = await configurationOf(source.environment);
  expect(text).toContain(`path    = "${mirror}"`);
  expect(text).toContain('include = ["registry.opentofu.org/acme/acme"]');
  expect(text).toContain('exclude = ["registry.opentofu.org/acme/acme"]');
});

describe("the registry", () => {
  const discovery = '{"modules.v1":"/v1/modules/","providers.v1":"/v1/providers/"}';

  test("is used where it answers, and is not asked again at once", async () => {
    registry = await startReleaseServer({ "/discovery": discovery });
    for (let index = 0; index < 3; index += 1) {
      expect(await locatePlugin(owner, workspace, ports())).toMatchObject({
        kind: "registry",
        environment: { TF_PLUGIN_CACHE_DIR: join(workspace.cache, "plugins") },
      });
    }
    expect(registry.requests).toHaveLength(1);
  });

  test("is passed over where it hangs, fails, or is somebody else", async () => {
    registry = await startReleaseServer({ "/discovery": discovery }, { "/discovery": { hang: true } });
    const began = Date.now();
    expect(await locatePlugin(owner, workspace, ports())).toBeUndefined();
    expect(Date.now() - began).toBeLessThan(4_500);
    await registry.close();
    registry = await startReleaseServer({ "/discovery": "<html>Please log in</html>" });
    expect(await locatePlugin(owner, workspace, ports())).toBeUndefined();
  });

  test("without it and without a recipe: what to do", async () => {
    await expect(preparePlugin(owner, workspace, ports())).rejects.toMatchObject({
      code: "plugin.unreachable",
      exit: 4,
      hint: expect.stringContaining("LANDFALL_PLUGIN_MIRROR"),
    });
  });
});

describe.skipIf(go === undefined)("built from source", () => {
  const offline = { GOPROXY: "off", GOFLAGS: "", GOSUMDB: "off" };

  test("once, into a mirror of the engine's layout, and found from then on", async () => {
    await writeRecipe();
    const [source] = await Promise.all([
      preparePlugin(owner, workspace, ports(offline)),
      preparePlugin(owner, workspace, ports(offline)),
    ]);
    expect(source).toMatchObject({ kind: "built", version: "1.4.2" });
    const platform = `${machine.system}_${machine.architecture}`;
    const folder = join(workspace.cache, "plugins-built", "registry.opentofu.org", "acme", "acme", "1.4.2", platform);
    expect(await files.list(folder)).toEqual(["terraform-provider-acme_v1.4.2"]);
    const run = await real.processes.run({ program: join(folder, "terraform-provider-acme_v1.4.2"), arguments: [] });
    expect(run.stderr).toBe("acme plugin\n");
    expect(await configurationOf(source.environment)).toContain(join(workspace.cache, "plugins-built"));
    expect(events.filter(({ type }) => type === "step.finished")).toHaveLength(1);
    expect(await locatePlugin(owner, workspace, ports())).toEqual(source);
  });

  test("a build that fails says why and leaves nothing in the mirror", async () => {
    await writeRecipe("package main\nfunc main() { undefined_function() }\n");
    await expect(preparePlugin(owner, workspace, ports(offline))).rejects.toMatchObject({
      code: "toolchain.buildFailed",
      problems: expect.arrayContaining([{ message: expect.stringContaining("undefined_function") }]),
    });
    expect(await locatePlugin(owner, workspace, ports())).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: "step.failed" });
  });
});

describe.skipIf(go === undefined)("overlay.ts beside a recipe (skipped: no Go)", () => {
  const overlay = async (text: string): Promise<void> => {
    await writeRecipe("package main\nfunc main() { this does not compile }\n");
    await files.write(join(owner.folder, "plugin", "go.sum"), "");
    await files.write(join(owner.folder, "plugin", "overlay.ts"), text);
  };

  test("replaces files of the module, and leaves the module alone", { timeout: 120_000 }, async () => {
    await overlay(
      `export default async (read) => ({ "main.go": (await read("main.go")).replace("this does not compile", "") });`,
    );
    expect(await preparePlugin(owner, workspace, ports())).toMatchObject({ kind: "built", version: "1.4.2" });
    expect(await files.read(join(owner.folder, "plugin", "source", "main.go"))).toContain("does not compile");
  });

  test.each([
    ["an error of its own", `export default async () => { throw new Error("lists have moved"); };`, /lists have moved/],
    ["a file that is not there", `export default async (read) => ({ a: await read("other.go") });`, /has no other.go/],
    ["a path outside", `export default async () => ({ "../go.mod": "" });`, /not a path inside/],
  ])("%s names overlay.ts", { timeout: 120_000 }, async (_what, text, message) => {
    await overlay(text);
    await expect(preparePlugin(owner, workspace, ports())).rejects.toMatchObject({
      code: "toolchain.overlay",
      message: expect.stringMatching(message) as string,
    });
  });
});
