import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "./support/canary.ts";
import {
  configurationTree,
  personal,
  environments,
  providers,
  sets,
  sshKey,
  type ConfigurationTree,
} from "./support/configurationTree.ts";
import { landfall } from "./support/landfall.ts";

let tree: ConfigurationTree;
beforeEach(async () => {
  tree = await configurationTree();
});
afterEach(() => tree.remove());

test("what is wrong besides open answers is said at once: a protected environment without any SSH key", async () => {
  const known = sets(...personal.filter((one) => one !== sshKey));
  const configure = (...more: string[]) =>
    landfall(tree.root, ["configure", "production", "--provider", "libvirt", ...more, "--json"], { HOME: tree.root });
  expect((await configure(...known)).result).toMatchObject({ ok: true, problems: [{ key: "SSH_PUBLIC_KEY" }] });
  expect((await configure(...sets(sshKey))).result).toMatchObject({ ok: true, problems: [] });
});

describe("values given with --set", () => {
  test("all that is wrong is told at once, and nothing is written", async () => {
    const wrong = {
      VM_MEMORY: "much",
      CERTBOT_EMAIL: "nobody",
      ENABLE_SSL: "yes",
      VM_MEMROY: "1",
      PROVIDER_LIBVIRT_POOL: "x",
      PROVIDER_HETZNER_LOCATON: "nbg1",
      ENVIRONMENT: "other",
      MYSQL_USER: "REPLACE_WITH_USER",
    };
    const assignments = Object.entries(wrong).map(([key, value]) => `${key}=${value}`);
    const outcome = await tree.run(
      "configure",
      "production",
      "--provider",
      "hetzner",
      ...sets(...personal.slice(0, 1), ...assignments),
      "--json",
    );
    expect(outcome.status).toBe(3);
    const { problems } = outcome.result["error"] as { problems: { key: string; hint: string }[] };
    expect(problems.map(({ key }) => key).toSorted()).toEqual(Object.keys(wrong).toSorted());
    expect(problems).toContainEqual(expect.objectContaining({ key: "VM_MEMROY", hint: "did you mean VM_MEMORY?" }));
    expect(problems).toContainEqual(
      expect.objectContaining({ key: "PROVIDER_HETZNER_LOCATON", hint: "did you mean PROVIDER_HETZNER_LOCATION?" }),
    );
    for (const directory of [environments, providers]) {
      expect((await readdir(join(tree.root, directory))).filter((name) => !name.endsWith(".tpl"))).toEqual([]);
    }
  });

  test.each(["PROVIDER_HETZNER_LOCATION=nbg1", "HCLOUD_TOKEN=x"])("%s needs a provider", async (assignment) => {
    const outcome = await tree.run("configure", "production", ...sets(assignment));
    expect(outcome).toMatchObject({ status: 3, stderr: expect.stringContaining("add --provider hetzner") });
  });

  test("a key goes where it stands already: a default behind a #, another file, an older spelling", async () => {
    await tree.configured("production", "--provider", "hetzner");
    await tree.write(
      `${environments}/production.env`,
      `${await tree.read(`${environments}/production.env`)}PROVIDER_HETZNER_IMAGE=a\n`,
    );
    await tree.configured(
      "production",
      "--provider",
      "hetzner",
      ...sets(
        "PERSISTENT_DATA_SIZE=10",
        "VM_MEMORY_DEFAULT=4096",
        "PROVIDER_HETZNER_IMAGE=debian-13",
        "STATE_BACKEND=local",
      ),
    );
    const environment = await tree.read(`${environments}/production.env`);
    expect(environment).toContain("application's data. 0: none.\nDATA_DISK_SIZE=10\n");
    expect(environment).toContain("PROVIDER_HETZNER_IMAGE=debian-13\n");
    expect(environment.endsWith("STATE_BACKEND=local\n")).toBe(true);
    const provider = await tree.read(`${providers}/hetzner.env`);
    expect(provider).toContain("\nVM_MEMORY_DEFAULT=4096\n");
    expect(provider).toContain("#PROVIDER_HETZNER_IMAGE=");
  });

  test("standard input, and text that needs quotes", async () => {
    const odd = `a'b"c$(d)\${E} #f`;
    const outcome = await landfall(
      tree.root,
      ["configure", "development", ...sets("MYSQL_PASSWORD=-")],
      {},
      { readInput: async () => `${odd}\n` },
    );
    expect(outcome.status, outcome.stderr).toBe(0);
    expect((await tree.values(`${environments}/development.env`))["MYSQL_PASSWORD"]).toBe(odd);
    expect(`${outcome.stdout}${outcome.stderr}`).not.toContain(odd);
  });
});

describe("the provider's file", () => {
  test("a provider that needs nothing gets none", async () => {
    const outcome = await tree.run("configure", "development", "--provider", "libvirt");
    expect(outcome.stdout).toContain("libvirt.env: not needed, no setting of libvirt is required");
    expect(await readdir(join(tree.root, providers))).not.toContain("libvirt.env");
    await tree.configured("development", "--provider", "libvirt", ...sets("PROVIDER_LIBVIRT_POOL=mine"));
    expect(await tree.values(`${providers}/libvirt.env`)).toEqual({ PROVIDER_LIBVIRT_POOL: "mine" });
  });

  test("a provider without a template gets what its manifest requires", async () => {
    const folder = await tree.addProvider("acme");
    const manifest = await readFile(join(folder, "provider.yaml"), "utf8");
    const required =
      "settings:\n  region:\n    description: Where it stands\n    required: true\n    examples: [north]\n";
    await writeFile(join(folder, "provider.yaml"), manifest.replace("settings:\n", required));
    const [, provider] = await tree.configured("development", "--provider", "acme");
    expect(provider).toMatchObject({ created: true, open: [{ key: "PROVIDER_ACME_REGION" }] });
    expect(await tree.read(`${providers}/acme.env`)).toContain(
      "# Where it stands, such as north\nPROVIDER_ACME_REGION=REPLACE_WITH_",
    );
    expect(await tree.configured("development", "--provider", "acme")).toMatchObject([
      { written: false },
      { written: false },
    ]);
  });
});

describe("--dry-run", () => {
  test("shows the difference without a secret, old or new, asks nothing and writes nothing", async () => {
    await tree.write(
      `${environments}/staging.env`,
      `VM_MEMORY=2048\nMYSQL_PASSWORD=${canary("the old password")}\n#TRACKER_ADMIN_TOKEN=${canary("behind a #")}\nKEEP=1\nMYSQL_ROOT_PASSWORD=REPLACE_WITH_SECURE_X\n`,
    );
    await tree.write("new.secret", canary("the new password"));
    const before = await tree.read(`${environments}/staging.env`);
    const argv = [
      "configure",
      "staging",
      "--dry-run",
      ...sets("VM_MEMORY=8192", `MYSQL_PASSWORD=@${join(tree.root, "new.secret")}`),
    ];
    const terminal = { interactive: true, ask: () => expect.unreachable("a question") };
    const { status, stdout } = await landfall(tree.root, argv, {}, terminal);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(lines.slice(0, 2)).toEqual([`--- ${environments}/staging.env`, `+++ ${environments}/staging.env`]);
    for (const line of [
      "-VM_MEMORY=2048",
      "+VM_MEMORY=8192",
      "-MYSQL_PASSWORD=***",
      "+MYSQL_PASSWORD=***",
      " #TRACKER_ADMIN_TOKEN=***",
      " KEEP=1",
      "-MYSQL_ROOT_PASSWORD=REPLACE_WITH_SECURE_X",
      "+MYSQL_ROOT_PASSWORD=*** (generated)",
      "+GF_SECURITY_ADMIN_PASSWORD=*** (generated)",
    ]) {
      expect(lines).toContain(line);
    }
    expect(stdout).not.toMatch(/[A-Za-z0-9]{32}/);
    expect(await tree.read(`${environments}/staging.env`)).toBe(before);
    const json = await landfall(tree.root, [...argv, "--json"]);
    expect(json.stdout).not.toMatch(/=[A-Za-z0-9]{32}/);
  });

  test("of a file that does not exist yet", async () => {
    const { stdout } = await tree.run("configure", "production", "--dry-run");
    expect(stdout).toMatch(
      new RegExp(`^--- /dev/null\n\\+\\+\\+ ${environments}/production.env\n@@ -0,0 \\+1,\\d+ @@\n`),
    );
    expect(await readdir(join(tree.root, environments))).not.toContain("production.env");
  });
});
