import { cp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { repository } from "./support/makeTree.ts";
import {
  environment,
  migrationBench,
  provider,
  put,
  terraform,
  type MigrationBench,
} from "./support/migrationBench.ts";

/** Configuration of the shell version, taken over through the public door. */
let bench: MigrationBench;

beforeEach(async () => {
  bench = await migrationBench();
});
afterEach(() => bench.remove());

/** Every file below a directory with its content. */
async function everything(root: string): Promise<Record<string, string>> {
  const paths = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const entries = await Promise.all(
    paths.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, await readFile(path, "latin1")] as const;
    }),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fileStep({ result }: Outcome, to: string): Record<string, unknown> | undefined {
  return (result["files"] as Record<string, unknown>[]).find((step) => step["to"] === to);
}

describe("a whole tree, as the plan of the shell version lays it out", () => {
  beforeEach(() => cp(join(repository, "test", "fixtures", "old-trees", "plan"), bench.old, { recursive: true }));

  test("becomes files of mode 0600 that pass config check; nothing old is changed", async () => {
    const before = await everything(bench.old);
    const { status, result } = await bench.migrate("--yes");
    expect([status, result["ok"]]).toEqual([0, true]);
    expect(await everything(bench.old)).toEqual(before);
    for (const path of [environment("development.env"), environment("production.env"), provider("hetzner.env")]) {
      expect((await stat(join(bench.tree.root, path))).mode & 0o777).toBe(0o600);
    }
    const checks = result["checks"] as { stack: string; valid: boolean }[];
    expect(checks.map(({ stack }) => stack)).toEqual(
      expect.arrayContaining(["development/libvirt", "development/hetzner", "production/hetzner"]),
    );
    expect(checks.filter(({ valid }) => !valid)).toEqual([]);
    expect(await bench.read(environment("production.env"))).toMatch(/^STATE_ENCRYPTION_KEY=\w{40}$/m);
    for (const stack of ["development/libvirt", "production/hetzner"]) {
      expect((await landfall(bench.tree.root, ["config", "check", stack])).status, stack).toBe(0);
    }
  });

  test("local becomes development; its file counts, not its defaults", async () => {
    const outcome = await bench.migrate("--yes");
    const development = await bench.read(environment("development.env"));
    expect(development).toMatch(/^ENVIRONMENT=development$/m);
    expect(development).toMatch(/^VM_MEMORY=3072$/m);
    expect(outcome.result["files"]).toEqual(
      expect.arrayContaining([expect.objectContaining({ action: "leave", from: [environment("local.defaults")] })]),
    );
  });

  test("comments, references and quotes stay; old names become present ones; the last of two lines counts", async () => {
    await bench.migrate("--yes");
    const [development, production] = [
      await bench.read(environment("development.env")),
      await bench.read(environment("production.env")),
    ];
    expect(development).toContain("# === VM ===");
    expect(development).toContain("export VM_VCPUS=2");
    expect(development).toContain("MYSQL_PASSWORD='canary-mysql-$2b'");
    expect(development).toMatch(/^DATA_DISK_SIZE=0$/m);
    expect(production).toContain("VM_VCPUS=${VM_VCPUS_DEFAULT:-4}");
    expect(production.match(/^VM_MEMORY=.*$/gm)).toEqual(["VM_MEMORY=4096"]);
    expect(production).toMatch(/^PROVIDER_HETZNER_LOCATION=fsn1$/m);
    expect(await bench.read(provider("hetzner.env"))).toMatch(/^PROVIDER_HETZNER_TOKEN=Canary/m);
  });

  test("a provider's file counted over the environment's: what both had is only in the provider's", async () => {
    await bench.migrate("--yes");
    expect(await bench.read(environment("production.env"))).not.toMatch(/^PROVIDER_HETZNER_IMAGE=/m);
    expect(await bench.read(provider("hetzner.env"))).toMatch(/^PROVIDER_HETZNER_IMAGE=ubuntu-24\.04$/m);
  });

  test("what only a tfvars file has goes to the right file; what it cannot say is listed with its line", async () => {
    const { result } = await bench.migrate("--yes");
    expect(await bench.read(environment("production.env"))).toMatch(/^VM_DISK_SIZE=60$/m);
    expect(await bench.read(environment("development.env"))).toMatch(/^SSH_PUBLIC_KEY='ssh-ed25519 /m);
    expect(await bench.read(provider("libvirt.env"))).toMatch(
      /^PROVIDER_LIBVIRT_POOL=fast-pool\nPROVIDER_LIBVIRT_BASE_IMAGE_URL=https:\/\/images\.example\.org\/noble\.img$/m,
    );
    expect(result["left"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ where: `${terraform("libvirt.auto.tfvars")}:16`, key: "dns" }),
        expect.objectContaining({ where: `${terraform("hetzner.auto.tfvars")}:3`, key: "vm_memory" }),
        expect.objectContaining({ where: terraform("hetzner.auto.tfvars"), message: "holds secrets in clear text" }),
      ]),
    );
  });

  test("no secret is shown, as text or as JSON, whatever is done", async () => {
    const said = [
      await bench.migrate("--dry-run"),
      await bench.migrate(),
      await landfall(bench.tree.root, ["migrate", "--from", bench.old, "--yes", "--verbose"]),
      await bench.migrate("--yes"),
    ].map(({ stdout, stderr }) => stdout + stderr);
    expect(said.join("\n")).not.toMatch(/canary/i);
  });

  test("--dry-run shows and writes nothing; without a terminal and --yes nothing is written either", async () => {
    const before = await everything(bench.tree.root);
    const dry = await bench.migrate("--dry-run");
    expect(dry.result).toMatchObject({ ok: true, dryRun: true, changes: true });
    expect(fileStep(dry, environment("development.env"))).toMatchObject({ action: "write" });
    const unconfirmed = await bench.migrate();
    expect(unconfirmed.status).toBe(5);
    expect(unconfirmed.result).toMatchObject({ error: { code: "migrate.unconfirmed" } });
    expect(await everything(bench.tree.root)).toEqual(before);
  });

  test("a second run has nothing to do, and leaves what was edited meanwhile", async () => {
    await bench.migrate("--yes");
    const path = join(bench.tree.root, environment("production.env"));
    await writeFile(path, `${await readFile(path, "utf8")}VM_ARCH=amd64\n`);
    const before = await everything(bench.tree.root);
    const again = await bench.migrate("--yes");
    expect(again.result).toMatchObject({ ok: true, changes: false });
    expect(again.status).toBe(0);
    expect(await everything(bench.tree.root)).toEqual(before);
  });

  test("a file that exists is never overwritten: a conflict, after everything else is done", async () => {
    await put(bench.tree.root, { [environment("production.env")]: "ENVIRONMENT=production\nVM_NAME=mine\n" });
    const { status, result } = await bench.migrate("--yes");
    expect(status).toBe(5);
    expect(result).toMatchObject({ error: { code: "migrate.conflict" } });
    expect(JSON.stringify(result)).toContain("MYSQL_PASSWORD");
    expect(await bench.read(environment("production.env"))).toBe("ENVIRONMENT=production\nVM_NAME=mine\n");
    expect(await bench.read(environment("development.env"))).toContain("VM_NAME=torrust-tracker-dev");
  });

  test("in the same clone the user's files stay, and what to add is said without secrets", async () => {
    await cp(bench.old, bench.tree.root, { recursive: true });
    const before = await everything(join(bench.tree.root, "infrastructure", "config"));
    const { status, stdout, result } = await landfall(bench.tree.root, ["migrate", "--yes", "--json"]);
    expect(status).toBe(0);
    const steps = result["files"] as { to?: string; action: string; notes: { key?: string; hint?: string }[] }[];
    const production = steps.find(({ to }) => to === environment("production.env"));
    expect(production).toMatchObject({ action: "keep" });
    expect(production?.notes).toEqual(
      expect.arrayContaining([expect.objectContaining({ key: "VM_DISK_SIZE", hint: "add VM_DISK_SIZE=60" })]),
    );
    expect(await everything(join(bench.tree.root, "infrastructure", "config"))).toMatchObject(before);
    expect(await bench.read(environment("development.env"))).toContain("VM_MEMORY=3072");
    expect(stdout).not.toMatch(/canary/i);
    const again = await landfall(bench.tree.root, ["migrate", "--yes", "--json"]);
    expect(again.result).toMatchObject({ ok: true, changes: false });
  });
});

test("a directory without a tree is refused", async () => {
  const { status, stderr } = await landfall(bench.tree.root, ["migrate", "--from", join(bench.old, "nowhere")]);
  expect([status, stderr]).toEqual([3, expect.stringContaining("--from DIR")]);
});
