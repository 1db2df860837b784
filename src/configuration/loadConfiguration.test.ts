import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { StackConfiguration } from "./StackConfiguration.ts";
import { environmentFile, problemsOf, shown, summary, template } from "./testing/inspect.ts";
import { acme, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

test("an empty environment has usable values, the provider's sizes among them", async () => {
  const { load } = await temporaryWorkspace({ "environments/trial.env": "" });
  const { standard, settings, files } = await load({ environment: "trial" });
  expect(standard).toEqual({
    project: "landfall",
    vmName: "landfall-trial",
    vmMemory: 3072,
    vmVcpus: 3,
    vmDiskSize: 20,
    dataDiskSize: 0,
    reserveAddress: false,
    openPorts: [
      { protocol: "tcp", port: 80, description: "HTTP", sources: ["0.0.0.0/0", "::/0"] },
      { protocol: "tcp", port: 443, description: "HTTPS", sources: ["0.0.0.0/0", "::/0"] },
      { protocol: "tcp", port: 7070, description: "HTTP tracker", sources: ["0.0.0.0/0", "::/0"] },
      { protocol: "udp", port: 6868, description: "UDP tracker", sources: ["0.0.0.0/0", "::/0"] },
      { protocol: "udp", port: 6969, description: "UDP tracker", sources: ["0.0.0.0/0", "::/0"] },
    ],
    sshAllowedFrom: ["0.0.0.0/0", "::/0"],
    useMinimalConfig: false,
    protected: false,
    vmArch: "amd64",
    sshPublicKey: undefined,
    sshPrivateKeyFile: undefined,
  });
  expect(settings).toEqual({ location: "north" });
  expect(files).toEqual(["infrastructure/config/environments/trial.env"]);
});

test("each one covers those below it, and every value knows its origin", async () => {
  const { load } = await temporaryWorkspace({
    "providers/acme.env": "A=provider\nB=provider\nC=provider\nD=provider\nE=provider\nPROVIDER_ACME_LOCATION=south\n",
    "project.env": "B=project\nC=project\nD=project\nE=project\n",
    "environments/development.env": "\nC=environment\nD=environment\nE=environment\n",
  });
  const configuration = await load({ process: { D: "process", E: "process", UNDECLARED: "x" }, set: { E: "set" } });
  expect([..."ABCDE"].map((key) => shown(configuration, key))).toEqual([
    {
      key: "A",
      value: "provider",
      origin: { layer: "provider file", file: "infrastructure/config/providers/acme.env", line: 1 },
    },
    {
      key: "B",
      value: "project",
      origin: { layer: "project file", file: "infrastructure/config/project.env", line: 1 },
    },
    { key: "C", value: "environment", origin: { layer: "environment file", file: environmentFile, line: 2 } },
    { key: "D", value: "process", origin: { layer: "process environment" } },
    { key: "E", value: "set", origin: { layer: "command line" } },
  ]);
  expect(configuration.settings).toEqual({ location: "south" });
  expect(shown(configuration, "UNDECLARED")).toBeUndefined();
  expect(shown(configuration, "VM_MEMORY_DEFAULT")?.origin).toEqual({ layer: "manifest" });
  expect(shown(configuration, "PROTECTED")?.origin).toEqual({ layer: "built-in" });
  const layers = configuration.values.map(({ origin }) => origin.layer);
  expect(layers.indexOf("command line")).toBeGreaterThan(layers.lastIndexOf("process environment"));
  expect(layers.indexOf("manifest")).toBeGreaterThan(layers.lastIndexOf("built-in"));
});

test("the process environment counts where a file refers to a name; empty it counts for nothing; ENVIRONMENT never", async () => {
  const { load } = await temporaryWorkspace({
    "environments/development.env": "A=${CI_VALUE:?set it}\nVM_MEMORY=1024",
  });
  const configuration = await load({ process: { CI_VALUE: "x", VM_MEMORY: "", ENVIRONMENT: "local" } });
  expect(shown(configuration, "A")?.value).toBe("x");
  expect(configuration.standard.vmMemory).toBe(1024);
  expect(summary(await problemsOf(load()))).toEqual([`${environmentFile}:1: CI_VALUE has to be set: set it`]);
});

test("values of --set are literal, and their names have to be known", async () => {
  const { load } = await temporaryWorkspace({ "environments/development.env": "NOTE=x" });
  expect(shown(await load({ set: { NOTE: "${X} `y`" } }), "NOTE")?.value).toBe("${X} `y`");
  const [problem, ...more] = await problemsOf(load({ set: { VM_MEMROY: "1" } }));
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ where: "--set VM_MEMROY", hint: "did you mean VM_MEMORY?" });
});

test("compatibility 5: the provider's defaults apply although the environment is written before it is known", async () => {
  const { load } = await temporaryWorkspace({
    "environments/production.env": (await template("environments/production.env.tpl"))
      .replace(/=REPLACE_WITH_YOUR_(DOMAIN|EMAIL)/g, "=a@b.example")
      .replace("DOMAIN_NAME=a@b", "DOMAIN_NAME=b")
      .replaceAll(/REPLACE_WITH_TRUE_OR_FALSE/g, "true")
      .replaceAll(/REPLACE_WITH_\w+/g, "s3cret-and-long-enough"),
  });
  const sizes = ({ standard }: StackConfiguration) => [standard.vmMemory, standard.vmVcpus, standard.vmDiskSize];
  expect(sizes(await load({ environment: "production" }))).toEqual([3072, 3, 50]);
  expect(sizes(await load({ environment: "production", manifest: acme({ defaults: {} }) }))).toEqual([8192, 4, 50]);
  expect(sizes(await load({ environment: "production", set: { VM_DISK_SIZE_DEFAULT: "99" } }))).toEqual([3072, 3, 99]);
});

test("compatibility 5: the provider's file is seen by the environment's file", async () => {
  const { load } = await temporaryWorkspace({
    "providers/acme.env": "VM_MEMORY_DEFAULT=512",
    "environments/development.env": "VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}",
  });
  expect((await load()).standard.vmMemory).toBe(512);
});

test("compatibility 9: quotes, line ends, $ and ${ arrive as they were written, and nothing is run", async () => {
  const { load, workspace } = await temporaryWorkspace({
    "environments/development.env": `A='a"b$(touch pwned)\${X}\`touch pwned\`\n$y\\'\nB="quote \\" dollar \\$ brace \\\${ line\\nend"\n`,
  });
  const configuration = await load();
  expect(shown(configuration, "A")?.value).toBe('a"b$(touch pwned)${X}`touch pwned`\n$y\\');
  expect(shown(configuration, "B")?.value).toBe('quote " dollar $ brace ${ line\nend');
  expect(spawnSync("find", [workspace.root, ".", "-maxdepth", "1", "-name", "pwned"]).stdout.toString()).toBe("");
});

test("a name that is almost a standard one is told", async () => {
  const { load, events } = await temporaryWorkspace({
    "environments/development.env": "VM_MEMROY=1\nMYSQL_USER2=x\nWHATEVER=1",
  });
  await load();
  expect(events).toMatchObject([{ code: "configuration.similar-name", hint: expect.stringContaining("VM_MEMORY") }]);
});

test("text that is not UTF-8 is a problem with its line", async () => {
  const { load } = await temporaryWorkspace({
    "environments/development.env": new Uint8Array([0x41, 0x3d, 0x31, 0x0a, 0x42, 0x3d, 0xff]),
  });
  expect(summary(await problemsOf(load()))).toEqual([`${environmentFile}:2: this is not valid UTF-8 text`]);
});
