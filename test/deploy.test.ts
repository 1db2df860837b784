import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { generateKeyPair } from "../src/remote/generateKeyPair.ts";
import { realPorts } from "../src/system/realPorts.ts";
import { makeAgentBench, type AgentBench } from "./support/agentBench.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** The commands, from a folder and an environment to containers; ssh only runs its command here. */
const stack = "qa/existing-host";
const timeout = 180_000;
const password = "s3/cr et'9\"x";
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"B".repeat(43)} root@host`;
const settings = { PROVIDER_EXISTING_HOST_ADDRESS: "127.0.0.1", PROVIDER_EXISTING_HOST_HOST_KEY: hostKey };
const path = process.env["PATH"];

let tree: Tree;
let bench: AgentBench;
let port: number;

beforeAll(async () => {
  tree = await makeTree();
  const key = await generateKeyPair(join(tree.root, "key"), "test", realPorts());
  await tree.environment("qa", [
    "ENVIRONMENT=qa",
    `PASSWORD="${password.replaceAll('"', '\\"')}"`,
    "NAME=ada",
    `SSH_PRIVATE_KEY_FILE=${key.privateKeyFile}`,
  ]);
  const directory = join(tree.root, "infrastructure", "stacks", stack);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "known.json"), JSON.stringify({ outputs: { vm_ip: "127.0.0.1" } }));
});
afterAll(() => tree.remove());

beforeEach(async () => {
  bench = await makeAgentBench(onTestFinished);
  const ssh = `#!/bin/sh\nfor command; do :; done\nexport LANDFALL_AGENT_ROOT=${bench.root} PATH=${bench.docker}:/usr/bin:/bin\nexec sh -c "$command"\n`;
  await mkdir(join(bench.root, "..", "bin"));
  await writeFile(join(bench.root, "..", "bin", "ssh"), ssh, { mode: 0o755 });
  process.env["PATH"] = `${join(bench.root, "..", "bin")}:${path}`;
  const server = createServer((request, response) => response.end(`served ${request.url}`)).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    process.env["PATH"] = path;
  });
  await new Promise((resolve) => server.once("listening", resolve));
  port = (server.address() as AddressInfo).port;
  await application();
});

const run = (argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  // Behind two dashes it would belong to another command.
  landfall(tree.root, argv.toSpliced(argv.includes("--") ? argv.indexOf("--") : argv.length, 0, "--json"), {
    ...settings,
    ...environment,
  });

describe("landfall deploy and landfall app", { timeout }, () => {
  test("the whole life of an application", async () => {
    const deployed = await run(["deploy", stack]);
    expect(deployed.result, deployed.stdout + deployed.stderr).toMatchObject({
      ok: true,
      command: "deploy",
      changed: true,
      title: "Site",
      previous: null,
    });
    expect(deployed.stdout).not.toContain("cr et");
    const checks = deployed.result["checks"] as { name: string; from: string; outcome: string }[];
    expect(checks.map(({ name, from, outcome }) => [name, from, outcome])).toEqual([
      ["service web", "server", "good"],
      ["page", "server", "good"],
      ["page", "outside", "good"],
    ]);
    expect(await readFile(join(bench.root, "current", "config", "page"), "utf8")).toBe(`name ada, "s3/cr et'9\\"x"\n`);

    expect((await run(["deploy", "qa"])).result).toMatchObject({ ok: true, changed: false });
    const second = await run(["deploy", stack, "--set", "NAME=grace"]);
    expect(second.result).toMatchObject({ changed: true, previous: (deployed.result["release"] as { id: string }).id });

    expect((await run(["app", "status", stack])).result).toMatchObject({ application: "site", releases: 2 });
    expect((await run(["app", "health", stack])).result).toMatchObject({ healthy: true });
    const logs = await run(["app", "logs", stack, "web", "--tail", "2"]);
    expect(logs.result).toMatchObject({
      lines: [{ line: "line 5 of web with ***" }, { line: "line 6 of web with ***" }],
    });
    expect((await run(["app", "rollback", stack])).result).toMatchObject({ ok: true, changed: true });
    expect(await readFile(join(bench.root, "current", "config", "page"), "utf8")).toContain("ada");
    expect((await run(["app", "releases", stack])).result).toMatchObject({
      releases: [{ serves: false }, { serves: true }],
    });
    const executed = await run(["app", "exec", stack, "web", "--", "echo", "two words", "$HOME"]);
    expect(executed.status).toBe(0);
    expect((await bench.calls()).at(-1)).toMatch(/exec -T web echo two words \$HOME$/);
    const runs = (await run(["runs", stack])).result["runs"] as { operation: string; outcome: string }[];
    expect(runs.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "rollback done",
      ...Array.from({ length: 3 }, () => "deploy done"),
    ]);
  });

  test("one that is not healthy fails with what was seen; health then still is that of the release before", async () => {
    await run(["deploy", stack]);
    await application({ image: "web:sick" });
    const { status, result, stdout } = await run(["deploy", stack]);
    expect([status, result], stdout).toMatchObject([
      1,
      {
        error: {
          code: "deploy.unhealthy",
          problems: [{ key: "service web", message: "runs, but is unhealthy" }, { key: "web" }],
        },
      },
    ]);
    expect(stdout).not.toContain("cr et");
    expect((await run(["app", "health", stack])).status).toBe(0);
    const [last] = (await run(["runs", stack])).result["runs"] as { outcome: string }[];
    expect(last?.outcome).toBe("failed");
  });

  test("health with a bad check ends with 1, and all checks are there", async () => {
    await application({
      health: "[{ name: page, http: 'http://127.0.0.1:1/' }, { name: gone, tcp: 1, from: [outside] }]",
    });
    expect((await run(["deploy", stack], { SKIP_HEALTH_CHECK: "true" })).result).toMatchObject({ checks: [] });
    const { status, result } = await run(["app", "health", stack]);
    expect(status).toBe(1);
    expect(result["checks"]).toMatchObject([
      { name: "service web", outcome: "good" },
      { name: "page", outcome: "bad", message: "Connection refused" },
      { name: "disk" },
      { name: "gone", from: "outside", outcome: "bad", message: "connection refused" },
    ]);
  });

  test("what is wrong is said before anything is sent", async () => {
    const { status, result } = await run(["deploy", stack, "--set", "NAME=", "--set", "PASSWORD="]);
    expect([status, result]).toMatchObject([
      3,
      { error: { code: "application.invalid", problems: [{ key: "PASSWORD" }, { key: "NAME" }] } },
    ]);
    expect((await run(["deploy", stack, "--images", "/nowhere"])).result).toMatchObject({
      error: { code: "deploy.noArchive" },
    });
    expect((await run(["deploy", "qa/libvirt"])).result).toMatchObject({ error: { code: "ssh.noMachine" } });
    expect(await bench.calls()).toEqual([]);
  });

  test("where another deploy holds the server, it says whose, and ends with 6", async () => {
    await bench.plan("up before hold");
    const first = run(["deploy", stack]);
    await expect
      .poll(async () => (await bench.calls()).some((call) => call.includes(" up ")), { timeout: 60_000 })
      .toBe(true);
    // Another operator has another clone, and so another lock of the stack.
    const other = await makeTree();
    onTestFinished(() => other.remove());
    await cp(join(tree.root, "infrastructure"), join(other.root, "infrastructure"), { recursive: true });
    await cp(join(tree.root, "application"), join(other.root, "application"), { recursive: true });
    const second = await landfall(other.root, ["deploy", stack, "--json"], settings);
    expect([second.status, second.result]).toMatchObject([6, { error: { code: "deploy.locked" } }]);
    await writeFile(join(bench.docker, "go"), "");
    expect((await first).result).toMatchObject({ ok: true });
  });

  test("images come from an archive", async () => {
    const archive = join(bench.root, "..", "images.tar");
    await writeFile(archive, "web:1\n");
    const { result, events } = await run(["deploy", stack, "--images", archive]);
    expect(result).toMatchObject({ ok: true });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "step.progress", step: "upload", done: 6, total: 6 }),
    );
    expect((await bench.calls()).some((call) => call.startsWith("pull"))).toBe(false);
  });
});

describe("the configuration", () => {
  const shown = async (key: string, ...argv: string[]): Promise<object | undefined> => {
    const { result } = await run(["config", "show", stack, ...argv]);
    return (result["values"] as { key: string }[]).find((value) => value.key === key);
  };

  test("takes OPEN_PORTS and defaults from the manifest, below everything that the operator says", async () => {
    const file = "application/application.yaml";
    expect(await shown("OPEN_PORTS")).toMatchObject({
      value: "81/tcp",
      origin: { layer: "application", file, line: 9 },
    });
    expect(await shown("COLOUR")).toMatchObject({ value: "blue", origin: { layer: "application", file, line: 7 } });
    expect(await shown("OPEN_PORTS", "--set", "OPEN_PORTS=80/tcp")).toMatchObject({ value: "80/tcp" });
    expect(await shown("COLOUR", "--set", "COLOUR=red")).toMatchObject({ value: "red" });
    expect(await shown("PHRASE", "--set", "PHRASE=x")).toMatchObject({ value: "***" });
  });

  test("a manifest that is broken stops what makes a server, and nothing else", async () => {
    await writeFile(join(tree.root, "application", "application.yaml"), "application: 1\nname: Site\n");
    const checked = await run(["config", "check", stack]);
    expect([checked.status, checked.stdout]).toEqual([3, expect.stringContaining("application/application.yaml:2")]);
    expect((await run(["config", "show", stack])).status).toBe(0);
  });

  test("APPLICATION_DIR names another folder", async () => {
    await cp(join(tree.root, "application"), join(tree.root, "other"), { recursive: true });
    expect(await shown("OPEN_PORTS", "--set", "APPLICATION_DIR=other")).toMatchObject({
      origin: { file: "other/application.yaml" },
    });
    expect(await shown("OPEN_PORTS", "--set", "APPLICATION_DIR=nowhere")).toMatchObject({
      origin: { layer: "built-in" },
    });
  });
});

async function application({ image = "web:1", health = "" } = {}): Promise<void> {
  const folder = join(tree.root, "application");
  await mkdir(join(folder, "templates"), { recursive: true });
  const checks =
    health ||
    `[{ name: page, http: "http://127.0.0.1:${port}/{{ PASSWORD | url }}", contains: served, from: [server, outside] }]`;
  await writeFile(
    join(folder, "application.yaml"),
    `application: 1
name: site
title: Site
settings:
  PASSWORD: { description: A password, secret: true }
  NAME: { description: A name }
  COLOUR: { description: A colour, default: blue }
  PHRASE: { description: A phrase, secret: true, optional: true }
open_ports: [81/tcp]
templates: [{ source: templates/page, destination: config/page }]
healthy_within: 6
health: ${checks}
`,
  );
  const service = { image, restart: "always", ports: ["81:80"], environment: { PASSWORD: "${PASSWORD}" } };
  await writeFile(join(folder, "compose.yaml"), JSON.stringify({ services: { web: service } }));
  await writeFile(join(folder, "templates", "page"), "name {{ NAME }}, {{ PASSWORD | json }}\n");
}
