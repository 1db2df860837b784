import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const repository = join(import.meta.dirname, "..");
/** The Makefile with a launcher that says how it was called. */
let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "landfall-make-"));
  await cp(join(repository, "Makefile"), join(tree, "Makefile"));
  const names = ["ENVIRONMENT", "PROVIDER", "CONFIRM", "VM_MEMORY", "SKIP_WAIT"];
  const launcher = `#!${process.execPath}
    const environment = Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]]));
    console.log(JSON.stringify({ argv: process.argv.slice(2), environment }));
    process.exitCode = Number(process.env["STATUS"] ?? 0);`;
  await writeFile(join(tree, "landfall"), launcher, { mode: 0o755 });
  await cp(join(repository, "scripts", "test.sh"), join(tree, "scripts", "test.sh"));
  // Nothing is installed and no test is run: this is as far as it comes.
  await writeFile(join(tree, "scripts", "prepare.sh"), "#!/bin/sh\necho prepared >&2\nexit 9\n", { mode: 0o755 });
});
afterAll(() => rm(tree, { recursive: true }));

describe("each target is one command", () => {
  test.each([
    ["infra-apply", ["apply", "development/libvirt", "--yes"]],
    ["infra-plan", ["plan", "development/libvirt", "--yes"]],
    ["infra-init", ["init", "development/libvirt", "--yes"]],
    ["infra-destroy", ["destroy", "development/libvirt", "--yes"]],
    ["infra-refresh-state", ["refresh", "development/libvirt", "--yes"]],
    ["infra-providers", ["providers"]],
    ["infra-environments", ["environments"]],
    ["infra-validate-config", ["config", "check", "development/libvirt"]],
    ["check-params", ["config", "check", "development/libvirt"]],
    ["provider-info", ["provider", "info", "libvirt"]],
    ["infra-config", ["configure", "development"]],
    ["app-deploy", ["deploy", "development"]],
    ["app-redeploy", ["deploy", "development", "--force"]],
    ["app-health-check", ["app", "health", "development"]],
    ["app-status", ["app", "status", "development"]],
    ["app-logs", ["app", "logs", "development"]],
    ["app-rollback", ["app", "rollback", "development"]],
    ["app-backup", ["app", "backup", "development"]],
    ["app-backups", ["app", "backups", "development"]],
    ["app-backup-verify", ["app", "backup", "verify", "development"]],
    ["app-restore", ["app", "restore", "development", "--yes"]],
  ])("%s", async (target, argv) => {
    expect((await make(target)).argv).toEqual(argv);
  });

  test.each([
    ["install-deps", ["setup", "libvirt", "--yes"]],
    ["dev-setup", ["setup", "libvirt", "--yes"]],
    ["dev-deploy", ["apply", "development/libvirt", "--yes"]],
    ["dev-clean", ["destroy", "development/libvirt", "--yes"]],
    ["vm-console", ["provider", "run", "development/libvirt", "console"]],
    ["infra-config-development", ["configure", "development"]],
    ["infra-config-production", ["configure", "production"]],
  ])("%s is an old name and says so", async (target, argv) => {
    const { argv: called, stderr } = await make(target);
    expect(called).toEqual(argv);
    expect(stderr).toContain(`make ${target} is an old name: use `);
  });
});

test("IMAGES and RELEASE are given on, whatever is in them, and only from the command line", async () => {
  const value = "a b'$c.tar";
  expect((await make("app-deploy", [`IMAGES=${value}`])).argv).toEqual(["deploy", "development", "--images", value]);
  expect((await make("app-deploy", [], { IMAGES: value })).argv).toEqual(["deploy", "development"]);
  expect((await make("app-rollback", ["RELEASE=x"])).argv).toEqual(["app", "rollback", "development", "x"]);
});

test("COPY and BACKUP are given on, whatever is in them, and only from the command line", async () => {
  const value = "a b'$c";
  const [backup, restore] = ["app-backup", "app-restore"];
  expect((await make(backup, [`COPY=${value}`])).argv).toEqual(["app", "backup", "development", "--copy", value]);
  expect((await make(restore, [`BACKUP=${value}`, `COPY=${value}`])).argv).toEqual([
    "app",
    "restore",
    "development",
    value,
    "--from",
    value,
    "--yes",
  ]);
  expect((await make(backup, [], { COPY: value })).argv).toEqual(["app", "backup", "development"]);
  expect((await make(restore, [], { BACKUP: value, COPY: value })).argv).toEqual([
    "app",
    "restore",
    "development",
    "--yes",
  ]);
});

test("ENVIRONMENT and PROVIDER choose the stack, on the command line and in the environment", async () => {
  expect((await make("infra-plan", ["ENVIRONMENT=staging", "PROVIDER=acme"])).argv[1]).toBe("staging/acme");
  expect((await make("infra-plan", [], { ENVIRONMENT: "staging", PROVIDER: "acme" })).argv[1]).toBe("staging/acme");
});

test.each([
  "vm-ssh",
  "infra-status",
  "app-deploy",
  "app-redeploy",
  "app-health-check",
  "app-status",
  "app-logs",
  "app-rollback",
  "app-backup",
  "app-backups",
  "app-backup-verify",
  "app-restore",
])("%s without PROVIDER means the environment's only stack", async (target) => {
  expect((await make(target)).argv).toContain("development");
  expect((await make(target, ["ENVIRONMENT=staging"])).argv).toContain("staging");
  expect((await make(target, ["PROVIDER=libvirt"])).argv).toContain("development/libvirt");
  expect((await make(target, [], { PROVIDER: "acme" })).argv).toContain("development/acme");
});

test("test-e2e refuses an environment or a provider, as it has its own", async () => {
  for (const given of ["ENVIRONMENT=staging", "ENVIRONMENT=", "PROVIDER=hetzner", "PROVIDER="]) {
    const { status, stderr } = await make("test-e2e", [given]);
    expect([given, status, stderr]).toEqual([given, 2, expect.stringContaining("environments of its own, on libvirt")]);
    expect(stderr).not.toContain("prepared");
  }
  expect((await make("test-e2e", [], { PROVIDER: "hetzner" })).stderr).not.toContain("prepared");
  for (const given of [[], ["ENVIRONMENT=development", "PROVIDER=libvirt"]])
    expect((await make("test-e2e", given)).stderr).toContain("prepared");
  // What the shell happens to hold was not given.
  expect((await make("test-e2e", [], { ENVIRONMENT: "staging" })).stderr).toContain("prepared");
});

test.each(["infra-config", "infra-config-production"])(
  "%s means a provider's file only where PROVIDER is given",
  async (target) => {
    const environment = target === "infra-config" ? "staging" : "production";
    const settings = ["ENVIRONMENT=staging"];
    expect((await make(target, settings)).argv).toEqual(["configure", environment]);
    const given = ["configure", environment, "--provider", "acme"];
    expect((await make(target, [...settings, "PROVIDER=acme"])).argv).toEqual(given);
    expect((await make(target, settings, { PROVIDER: "acme" })).argv).toEqual(given);
    expect((await make(target, [...settings, "PROVIDER="])).argv).toEqual(["configure", environment, "--provider", ""]);
  },
);

test("an explicitly empty name reaches the launcher as empty, where it is refused", async () => {
  expect((await make("infra-apply", ["ENVIRONMENT="])).argv[1]).toBe("/libvirt");
  expect((await make("infra-apply", ["PROVIDER="])).argv[1]).toBe("development/");
  expect((await make("infra-status", ["PROVIDER="])).argv[1]).toBe("development/");
  expect((await make("infra-apply", [], { ENVIRONMENT: "" })).argv[1]).toBe("/libvirt");
});

test.each([
  `x"; touch pwned; "`,
  "x; touch pwned",
  "$(touch pwned)",
  "`touch pwned`",
  "$(shell touch pwned)",
  "${shell touch pwned}",
  "'; touch pwned #",
  "a\\",
])("a hostile value arrives as it is and runs nothing: %s", async (value) => {
  for (const [settings, environment] of [
    [[`ENVIRONMENT=${value}`], {}],
    [[], { ENVIRONMENT: value }],
  ] as const) {
    const { argv } = await make("infra-apply", [...settings], environment);
    expect(argv).toEqual(["apply", `${value}/libvirt`, "--yes"]);
  }
  expect((await make("provider-info", [`PROVIDER=${value}`])).argv).toEqual(["provider", "info", value]);
  expect((await make("infra-destroy", [`CONFIRM=${value}`])).environment["CONFIRM"]).toBe(value);
  expect(await readdir(tree)).not.toContain("pwned");
});

test("CONFIRM is passed on when given and never made up", async () => {
  expect((await make("infra-destroy")).environment["CONFIRM"]).toBeUndefined();
  expect((await make("infra-destroy", ["CONFIRM=production/acme"])).environment["CONFIRM"]).toBe("production/acme");
});

test("values on the command line and switches reach the launcher", async () => {
  const { environment } = await make("infra-apply", ["VM_MEMORY=4096", "SKIP_WAIT=true"]);
  expect(environment).toMatchObject({ VM_MEMORY: "4096", SKIP_WAIT: "true" });
});

test("JSON=1 asks for NDJSON", async () => {
  expect((await make("infra-plan", ["JSON=1"])).argv).toContain("--json");
  expect((await make("infra-plan", ["JSON=0"])).argv).not.toContain("--json");
});

test("a failure of the launcher fails make", async () => {
  expect((await make("infra-apply", [], { STATUS: "5" })).status).toBe(2);
});

test("clean touches neither stacks nor configuration", async () => {
  const kept = ["infrastructure/stacks/development/libvirt", "infrastructure/config/environments"];
  for (const directory of [...kept, "dist"]) await mkdir(join(tree, directory), { recursive: true });
  await make("clean");
  for (const directory of kept) expect(await readdir(join(tree, directory))).toEqual([]);
  expect(await readdir(tree)).not.toContain("dist");
});

test("help lists the targets, and every name of the compatibility list that exists so far has a rule", async () => {
  const { stdout } = await make("help");
  const listed = [
    ..."infra-init infra-plan infra-apply infra-destroy infra-status infra-refresh-state infra-providers".split(" "),
    ..."infra-environments infra-config infra-validate-config provider-info check-params vm-ssh test-e2e test lint clean help".split(
      " ",
    ),
  ];
  for (const target of listed) expect(stdout).toMatch(new RegExp(`\\b${target}\\b`));
});

interface Call {
  status: number;
  stdout: string;
  stderr: string;
  argv: string[];
  environment: Record<string, string>;
}

function make(target: string, settings: string[] = [], environment: Record<string, string> = {}): Promise<Call> {
  return new Promise((resolve) => {
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: tree, ...environment };
    execFile("make", [target, ...settings], { cwd: tree, env }, (error, stdout, stderr) => {
      const call = stdout.startsWith("{") ? (JSON.parse(stdout.split("\n")[0] ?? "") as object) : {};
      const status = error === null ? 0 : Number(error.code);
      resolve({ status, stdout, stderr, argv: [], environment: {}, ...call });
    });
  });
}
