import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { generateKeyPair } from "../src/remote/generateKeyPair.ts";
import { realPorts } from "../src/system/realPorts.ts";
import { canary } from "./support/canary.ts";
import { expectClean, makeBackupBench, rowsOfNow, type BackupBench } from "./support/backupBench.ts";
import { filesHolding } from "./support/filesHolding.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

/** The commands, from the flags to the data directories; ssh only runs its command here. */
const stack = "qa/existing-host";
const timeout = 600_000;
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"B".repeat(43)} root@host`;
const settings = { PROVIDER_EXISTING_HOST_ADDRESS: "127.0.0.1", PROVIDER_EXISTING_HOST_HOST_KEY: hostKey };
const path = process.env["PATH"];
const ageMissing = existsSync("/usr/bin/age") ? false : "no age: apt-get install age";

let tree: Tree;

beforeAll(async () => {
  tree = await makeTree();
  const key = await generateKeyPair(join(tree.root, "key"), "test", realPorts());
  await tree.environment("qa", ["ENVIRONMENT=qa", `SSH_PRIVATE_KEY_FILE=${key.privateKeyFile}`]);
  const directory = join(tree.root, "infrastructure", "stacks", stack);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "known.json"), JSON.stringify({ outputs: { vm_ip: "127.0.0.1" } }));
});
afterAll(() => tree.remove());

const run = (argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { ...settings, HOME: tree.root, ...environment });

describe("landfall app backup, backups, restore", { timeout }, () => {
  test("one is made, copied, listed, tried and restored", async () => {
    const bench = await makeServer();
    const copies = join(bench.root, "..", "copies");
    const made = await run(["app", "backup", stack, "--copy", copies]);
    expect(made.result, made.stdout + made.stderr).toMatchObject({ ok: true, command: "app backup" });
    const { id } = made.result["backup"] as { id: string };
    const own = join(copies, stack);
    expect(made.result["copy"]).toBe(join(own, id));
    expect(await readdir(own)).toEqual([id]);
    for (const name of ["database.sql.gz", "files.tar.gz"])
      expect(await readFile(join(own, id, name))).toEqual(await readFile(join(bench.root, "backups", id, name)));

    await bench.write("later");
    const tried = await run(["app", "backup", "verify", stack]);
    expect(tried.result, tried.stdout).toMatchObject({ ok: true, command: "app backup verify", backup: { id } });
    expect((await run(["app", "backups", stack])).result).toMatchObject({
      backups: [{ id, encrypted: false, verified: expect.stringMatching(/^2/) }],
      timer: { schedule: "daily", active: true },
      last: { problem: null },
    });
    const text = await landfall(tree.root, ["app", "backups", stack], settings);
    expect(text.stdout).toMatch(new RegExp(`${id} .* verified 2`));

    expect(await bench.rows()).toBe("later");
    const restored = await run(["app", "restore", stack, "--yes"]);
    expect(restored.result, restored.stdout).toMatchObject({ ok: true, paths: ["db", "uploads"] });
    expect(await bench.rows()).toBe(rowsOfNow);

    await bench.write("later");
    await rm(join(bench.root, "backups"), { recursive: true });
    const brought = await run(["app", "restore", stack, "--yes", "--from", copies]);
    expect(brought.result, brought.stdout).toMatchObject({ ok: true, backup: { id } });
    expect(await bench.rows()).toBe(rowsOfNow);
    await expectClean(bench);
    const runs = (await run(["runs", stack])).result["runs"] as { operation: string; outcome: string }[];
    expect(runs.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "restore done",
      "restore done",
      "verify done",
      "backup done",
    ]);
  });

  test("nothing is replaced that nobody confirmed", async () => {
    const bench = await makeServer();
    await bench.backup();
    await bench.write("later");
    const guard = { PROTECTED: "true", STATE_ENCRYPTION_KEY: canary("the key of the state", 64) };
    const guarded = ["app", "restore", stack, "--yes"];
    const refused = async (argv: string[], environment: Record<string, string>): Promise<void> => {
      const { status, result } = await run(argv, environment);
      expect([status, result]).toMatchObject([5, { error: { code: "confirmation.needed" } }]);
    };
    await refused(["app", "restore", stack], {});
    await refused(guarded, guard);
    await refused(guarded, { ...guard, CONFIRM: "qa/other" });
    const asked: string[] = [];
    const answer = (text: string): Promise<Outcome> =>
      landfall(
        tree.root,
        ["app", "restore", stack],
        { ...settings, ...guard },
        {
          interactive: true,
          ask: async (question) => {
            asked.push(question);
            return text;
          },
        },
      );
    expect((await answer("yes")).status).toBe(5);
    expect(asked).toEqual([`Type ${stack} to app restore it: `]);
    expect(await bench.rows()).toBe("later");
    expect((await run(guarded, { ...guard, CONFIRM: stack })).status).toBe(0);
    expect(await bench.rows()).toBe(rowsOfNow);
  });

  test("a copy that is damaged is refused, with all that is wrong, and the server hears nothing of it", async () => {
    const bench = await makeServer();
    const copies = join(bench.root, "..", "copies");
    const { result } = await run(["app", "backup", stack, "--copy", copies]);
    const good = String(result["copy"]);
    const before = await bench.calls();
    const broken = async (damage: (place: string) => Promise<void>): Promise<string[]> => {
      const place = join(bench.root, "..", "broken");
      await rm(place, { recursive: true, force: true });
      await cp(good, place, { recursive: true });
      await damage(place);
      const outcome = await run(["app", "restore", stack, "--yes", "--from", place]);
      expect([outcome.status, outcome.result]).toMatchObject([3, { error: { code: "backup.badCopy" } }]);
      const { problems } = outcome.result["error"] as { problems: { message: string }[] };
      return problems.map(({ message }) => message);
    };
    const manifest = (change: (text: string) => string) => async (place: string) =>
      writeFile(join(place, "manifest.json"), change(await readFile(join(place, "manifest.json"), "utf8")));
    expect(
      await broken(async (place) => {
        await rm(join(place, "files.tar.gz"));
        await writeFile(join(place, "database.sql.gz"), "");
      }),
    ).toEqual([expect.stringMatching(/^has 0 bytes, not \d+$/), "is missing"]);
    expect(await broken(manifest(() => "{"))).toEqual(["it is no JSON"]);
    expect(await broken(manifest((text) => text.replace("database.sql.gz", "../../key")))).toEqual([
      "must be the name of a file",
    ]);
    expect(await broken(manifest((text) => text.replace('"backup": 1', '"backup": 2')))).toEqual([
      "must be 1: this Landfall knows no other",
    ]);
    expect(await bench.calls()).toEqual(before);
    const none = await run(["app", "restore", stack, "20200101T000000Z", "--yes", "--from", copies]);
    expect([none.status, none.result]).toMatchObject([3, { error: { code: "backup.noCopy" } }]);

    // The newest that is there may be of another stack: only who names that gets it.
    await mkdir(join(copies, "other"));
    await rename(join(copies, stack), join(copies, "other", "hetzner"));
    const others = await run(["app", "restore", stack, "--yes", "--from", copies]);
    expect(others.result).toMatchObject({ error: { code: "backup.noCopy" } });
    const named = await run(["app", "restore", stack, "--yes", "--from", join(copies, "other", "hetzner")]);
    expect(named.result, named.stderr).toMatchObject({ ok: true });
  });

  test("a copy that is not what the server has is none", async () => {
    const bench = await makeServer('case $command in *" send "*) command="$command | tr 0 1";; esac');
    const copies = join(bench.root, "..", "copies");
    const { status, result } = await run(["app", "backup", stack, "--copy", copies]);
    expect([status, result]).toMatchObject([1, { error: { code: "backup.copy" } }]);
    expect(await readdir(join(copies, stack))).toEqual([]);
    expect(await bench.kept()).toHaveLength(1);
  });
});

describe.skipIf(ageMissing)("an encrypted backup", { timeout }, () => {
  test("is decrypted here, and the server never sees the key", async () => {
    const keys = join(tree.root, "keys");
    await mkdir(keys, { recursive: true });
    const [own, other] = ["own", "other"].map((name) => {
      const file = join(keys, `${name}.secret`);
      execFileSync("age-keygen", ["-o", file], { stdio: "ignore" });
      return file;
    }) as [string, string];
    const recipient = execFileSync("age-keygen", ["-y", own], { encoding: "utf8" }).trim();
    const bench = await makeServer("", { recipients: [recipient] });
    const copies = join(bench.root, "..", "copies");
    expect((await run(["app", "backup", stack, "--copy", copies])).result).toMatchObject({
      ok: true,
      backup: { encrypted: true },
    });
    await bench.write("later");

    const without = await run(["app", "restore", stack, "--yes"]);
    expect([without.status, without.result]).toMatchObject([3, { error: { code: "secrets.identity" } }]);
    const wrong = await run(["app", "restore", stack, "--yes", "--identity", other]);
    expect([wrong.status, wrong.result]).toMatchObject([1, { error: { code: "backup.decryption" } }]);
    expect(await bench.rows()).toBe("later");
    await expectClean(bench);

    const restored = await run(["app", "restore", stack, "--yes", "--identity", own]);
    expect(restored.result, restored.stdout).toMatchObject({ ok: true });
    expect(await bench.rows()).toBe(rowsOfNow);
    await bench.write("later");
    const tried = await run(["app", "backup", "verify", stack], { LANDFALL_AGE_IDENTITY: own });
    expect(tried.result, tried.stdout).toMatchObject({ ok: true });
    expect((await run(["app", "restore", stack, "--yes", "--identity", own, "--from", copies])).status).toBe(0);
    expect(await bench.rows()).toBe(rowsOfNow);
    await expectClean(bench);
    expect(await readFile(own, "utf8")).toContain("AGE-SECRET-KEY");
    expect(await filesHolding(join(bench.root, ".."), /AGE-SECRET-KEY/)).toEqual([]);
  });
});

/** A bench that `ssh` of this process reaches; `before` is done with each command's line first. */
async function makeServer(before = "", backup: object = {}): Promise<BackupBench> {
  const bench = await makeBackupBench(onTestFinished, backup);
  const bin = join(bench.root, "..", "bin");
  await mkdir(bin);
  const ssh = [
    "#!/bin/sh",
    "for command; do :; done",
    before,
    `export LANDFALL_AGENT_ROOT=${bench.root} LANDFALL_AGENT_UNITS=${bench.units} PATH=${bench.docker}:/usr/bin:/bin`,
    'exec sh -c "$command"',
  ];
  await writeFile(join(bin, "ssh"), `${ssh.join("\n")}\n`, { mode: 0o755 });
  // What a deploy over SSH leaves.
  await mkdir(join(bench.root, "agent"));
  await symlink(join(repository, "agent"), join(bench.root, "agent", "current"));
  process.env["PATH"] = `${bin}:${path}`;
  onTestFinished(() => void (process.env["PATH"] = path));
  return bench;
}
