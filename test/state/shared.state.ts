import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary, marker } from "../support/canary.ts";
import { filesHolding } from "../support/filesHolding.ts";
import { landfall, userState, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { killLandfall } from "../support/killLandfall.ts";
import { pulledState } from "../support/pulledState.ts";
import { findPostgres, passwords, startPostgres, type Postgres } from "../support/postgres.ts";

const programs = await findPostgres();

/** Two people, each with a clone of their own, and one PostgreSQL. */
describe.skipIf(programs === undefined)("a team shares the state of its stacks", () => {
  let postgres: Postgres;
  let ana: Tree;
  let ben: Tree;
  const key = canary("the key of the team's state");

  beforeAll(async () => {
    postgres = await startPostgres(programs ?? "");
    ana = await colleague("ana");
    ben = await colleague("ben");
  });
  afterAll(async () => {
    await Promise.all([ana?.remove(), ben?.remove(), postgres?.remove()]);
  });

  async function colleague(user: string): Promise<Tree> {
    const tree = await makeTree();
    await tree.addProvider("acme");
    await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", `STATE_ENCRYPTION_KEY=${key}`]);
    await tree.environment("plain", ["ENVIRONMENT=plain", "VM_NAME=plain"]);
    await share(tree, postgres.address(user));
    return tree;
  }

  const share = (tree: Tree, address: string, ...more: string[]): Promise<void> =>
    writeFile(
      join(tree.root, "infrastructure/config/state.env"),
      ["STATE_BACKEND=pg", `STATE_CONN_STR='${address}'`, ...more, ""].join("\n"),
      { mode: 0o600 },
    );
  const run = (tree: Tree, ...argv: string[]): Promise<Outcome> =>
    landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
  const fileOf = (tree: Tree, name: string, stack = "qa/acme"): string =>
    join(tree.root, "infrastructure/stacks", stack, name);
  /** As somebody who begins anew, and knows why. */
  const forget = async ({ root }: Tree): Promise<void> => {
    for (const place of [join(root, "infrastructure/stacks"), userState(root)])
      await rm(place, { recursive: true, force: true });
  };
  const planned = async (tree: Tree, ...argv: string[]) =>
    (await run(tree, "plan", "qa/acme", ...argv)).result as { summary?: { counts: Record<string, number> } };
  const errorOf = ({ result }: Outcome) =>
    result["error"] as { code: string; message: string; hint: string; exit: number };

  test("what one made the other finds: nothing to do, the same machine, the same trust in it", async () => {
    expect((await run(ana, "apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true, changed: true });
    const before = await run(ben, "output", "qa/acme");
    expect(errorOf(before).hint).toContain("landfall refresh qa/acme");
    expect((await run(ben, "refresh", "qa/acme")).result).toMatchObject({ ok: true });
    expect((await run(ben, "apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true, changed: false });
    for (const name of ["ssh_host_ed25519_key", "known_hosts", "authorized_key.pub"]) {
      expect(await readFile(fileOf(ben, name), "utf8"), name).toBe(await readFile(fileOf(ana, name), "utf8"));
    }
    expect((await run(ben, "output", "qa/acme")).result).toMatchObject({ outputs: { vm_name: "qa" } });
  });

  test("what the other changed, and destroyed, the first sees", async () => {
    const change = ["--set", "VM_MEMORY=2000"];
    expect((await run(ben, "apply", "qa/acme", "--yes", ...change)).result).toMatchObject({ changed: true });
    expect(await planned(ana, ...change)).toMatchObject({ changes: false });
    expect((await run(ana, "destroy", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
    const again = await run(ben, "apply", "qa/acme", "--yes");
    expect(again.result).toMatchObject({ ok: true, changed: true });
    expect(again.stdout).not.toContain("state.gone");
  });

  /** Makes the module take its time, once: it leaves the file `begun` and waits until there is `go`. */
  async function slowly(work: (file: { begun: string; go: string }) => Promise<void>): Promise<void> {
    const main = join(ana.root, "infrastructure/terraform/providers/acme/main.tf");
    const quick = await readFile(main, "utf8");
    const file = { begun: join(ana.root, "begun"), go: join(ana.root, "go") };
    await Promise.all([rm(file.begun, { force: true }), rm(file.go, { force: true })]);
    const wait = `touch ${file.begun}; until [ -e ${file.go} ]; do sleep 0.1; done`;
    const slow = `provisioner "local-exec" {\n    command = "${wait}"\n  }\n}`;
    await writeFile(main, quick.replace(/\n\}\s*$/, `\n  triggers_replace = [var.vm_memory]\n  ${slow}\n`));
    try {
      await work(file);
    } finally {
      await writeFile(file.go, "");
      await writeFile(main, quick);
    }
  }

  test("who holds a lock is named, and for how long", () =>
    slowly(async ({ begun, go }) => {
      const working = run(ana, "apply", "qa/acme", "--yes", "--set", "VM_MEMORY=3000");
      await expect.poll(() => existsSync(begun), { timeout: 200_000, interval: 100 }).toBe(true);
      expect(sessions()).toMatch(/^landfall \d+ apply qa\/acme /m);
      const refused = await run(ben, "plan", "qa/acme");
      await writeFile(go, "");
      expect((await working).result).toMatchObject({ ok: true, changed: true });

      expect(refused.status).toBe(6);
      expect(errorOf(refused).message).toMatch(/: apply qa\/acme \S+@\S+ \d+, for \d+ (s|min)$/);
      // The engine names whoever asked as the holder: that must not be shown.
      expect(refused.stdout).not.toMatch(/Who:/);
    }));

  test("whoever is killed holds no lock any more", async () => {
    await slowly(async ({ begun }) => {
      const argv = ["apply", "qa/acme", "--yes", "--set", "VM_MEMORY=3500"];
      expect(await killLandfall(argv, ana.root, () => existsSync(begun))).toBe(false);
    });
    expect((await run(ben, "apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
    expect((await run(ana, "apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
    expect(await planned(ben)).toMatchObject({ changes: false });
  });

  test("two at once: each gets through or is told, and the state is of one of them", async () => {
    const both = await Promise.all([
      run(ana, "apply", "qa/acme", "--yes", "--set", "VM_MEMORY=4001"),
      run(ben, "apply", "qa/acme", "--yes", "--set", "VM_MEMORY=4002"),
    ]);
    const codes = both.map((outcome) => (outcome.status === 0 ? "done" : errorOf(outcome).code));
    expect(codes).toContain("done");
    for (const code of codes) expect(["done", "engine.stateLocked", "engine.planStale"]).toContain(code);
    const { result } = await run(ana, "refresh", "qa/acme");
    expect(result).toMatchObject({ ok: true });
    expect((await run(ben, "apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
    expect(await planned(ana)).toMatchObject({ changes: false });
  });

  test("two stacks in one database do not see each other", async () => {
    expect((await run(ana, "apply", "plain/acme", "--yes")).result).toMatchObject({ changed: true });
    expect(await planned(ben)).toMatchObject({ changes: false });
    expect((await run(ben, "destroy", "plain/acme", "--yes")).result).toMatchObject({ ok: true });
    expect(await planned(ana)).toMatchObject({ changes: false });
  });

  test("a database that cannot be reached, or refuses, is an error and changes nothing", async () => {
    const record = await readFile(fileOf(ben, "state.json"), "utf8");
    await share(ben, postgres.address("ben", "state", canary("a wrong password")));
    const refused = await run(ben, "apply", "qa/acme", "--yes");
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain("password authentication failed");
    await share(ben, postgres.address("ben"));
    await postgres.stop();
    const down = await run(ben, "apply", "qa/acme", "--yes");
    expect(down.status).toBe(1);
    expect(down.stdout).toContain("connection refused");
    await postgres.start();
    expect(await readFile(fileOf(ben, "state.json"), "utf8")).toBe(record);
    expect(await planned(ben)).toMatchObject({ changes: false });
  });

  test("another database is not taken for an empty state", async () => {
    postgres.query("create database elsewhere; grant create on database elsewhere to team;");
    postgres.query("grant create on schema public to team;", "elsewhere");
    await share(ben, postgres.address("ben", "elsewhere"));
    const refused = await run(ben, "apply", "qa/acme", "--yes");
    expect(errorOf(refused)).toMatchObject({ code: "state.elsewhere", exit: 5 });
    expect(errorOf(refused).message).not.toContain(passwords.ben);
    await share(ben, postgres.address("ben"));
  });

  test("a state that somebody dropped is searched for, never quietly made anew", async () => {
    postgres.query('drop schema "torrust-tracker_qa_acme" cascade;', "state");
    const gone = await run(ben, "plan", "qa/acme");
    expect(gone.stdout).toContain("state.gone");
    const manifest = join(ben.root, "infrastructure/terraform/providers/acme/provider.yaml");
    const text = await readFile(manifest, "utf8");
    await writeFile(manifest, text.replace("local: true", 'local: "somewhere else"'));
    const refused = await run(ben, "plan", "qa/acme");
    expect(errorOf(refused)).toMatchObject({ code: "state.gone", exit: 7 });
    await writeFile(manifest, text);
    await Promise.all([ana, ben].map(forget));
  });

  test("a state is carried to the database and back, and nothing of it is lost", async () => {
    const local = join(ana.root, "infrastructure/config/state.env");
    await rename(local, `${local}.kept`);
    await run(ana, "apply", "qa/acme", "--yes", "--set", "PROVIDER_ACME_MOTTO=carried");
    const first = await pulled(ana);

    await rename(`${local}.kept`, local);
    expect(errorOf(await run(ana, "plan", "qa/acme"))).toMatchObject({ code: "state.elsewhere", exit: 5 });
    const there = await run(ana, "state", "move", "qa/acme");
    expect(there.result, there.stdout).toMatchObject({ ok: true, moved: true });
    expect((await run(ana, "state", "move", "qa/acme")).result).toMatchObject({ ok: true, moved: false });
    expect(await pulled(ana)).toEqual(first);
    expect(await pulled(ben)).toEqual(first);

    await rename(local, `${local}.kept`);
    const missing = await run(ana, "state", "move", "qa/acme");
    expect(errorOf(missing)).toMatchObject({ code: "state.credentials", exit: 3 });
    const connection = join(ana.root, "connection.secret");
    await writeFile(connection, postgres.address("ana"), { mode: 0o600 });
    const back = await run(ana, "state", "move", "qa/acme", "--from", `STATE_CONN_STR=@${connection}`);
    expect(back.result).toMatchObject({ ok: true, moved: true });
    expect(await pulled(ana)).toEqual(first);
    // Whoever still has the old settings is told, and does not go on with what is left there.
    const left = await run(ben, "apply", "qa/acme", "--yes");
    expect(errorOf(left)).toMatchObject({ code: "state.moved", exit: 5 });
    expect(errorOf(left).message).toContain(ana.root);

    await rename(`${local}.kept`, local);
    expect((await run(ana, "state", "move", "qa/acme")).result).toMatchObject({ moved: true });
    expect(await pulled(ben)).toEqual(first);
    expect(await planned(ben, "--set", "PROVIDER_ACME_MOTTO=carried")).toMatchObject({ changes: false });
  });

  test("nothing is carried to where another state lies", async () => {
    const settings = join(ben.root, "infrastructure/config/state.env");
    await forget(ben);
    await rename(settings, `${settings}.kept`);
    await run(ben, "apply", "qa/acme", "--yes");
    const mine = await pulled(ben);
    await rename(`${settings}.kept`, settings);
    const refused = await run(ben, "state", "move", "qa/acme");
    expect(errorOf(refused)).toMatchObject({ code: "state.conflict", exit: 5 });
    await rename(settings, `${settings}.kept`);
    expect(await pulled(ben)).toEqual(mine);
    await rename(`${settings}.kept`, settings);
    expect(await planned(ana, "--set", "PROVIDER_ACME_MOTTO=carried")).toMatchObject({ changes: false });
  });

  test("no password is in any file but the one that the user wrote", async () => {
    for (const tree of [ana, ben]) {
      const found = await filesHolding(tree.root, new RegExp(marker));
      const written = ["infrastructure/config/environments/qa.env", "infrastructure/config/state.env"];
      expect(found).toEqual(tree === ana ? ["connection.secret", ...written] : written);
    }
  });

  /** The state without what counts writings. */
  async function pulled(tree: Tree): Promise<object> {
    const plan = await run(tree, "plan", "qa/acme", "--set", "PROVIDER_ACME_MOTTO=carried");
    expect(plan.result, plan.stdout).toMatchObject({ ok: true });
    return pulledState(tree);
  }

  const sessions = (): string => postgres.query("select application_name from pg_stat_activity", "state");
});
