import { readFileSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { filesHolding } from "../support/filesHolding.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { killLandfall } from "../support/killLandfall.ts";
import { landfall, userState, type Outcome } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { findPostgres, passwords, startPostgres, type Postgres } from "../support/postgres.ts";
import { pulledState } from "../support/pulledState.ts";

const [programs, engine] = await Promise.all([findPostgres(), findTestEngine()]);
const key = canary("the key of a state on its way");

/** Everything goes wrong that can while a state is carried from one place to another. */
describe.skipIf(programs === undefined || engine === undefined)("a state on its way", () => {
  let postgres: Postgres;
  let ana: Tree;
  let ben: Tree;

  beforeAll(async () => {
    postgres = await startPostgres(programs ?? "");
  });
  afterAll(async () => {
    await Promise.all([ana?.remove(), ben?.remove(), postgres?.remove()]);
  });
  beforeEach(async () => {
    await Promise.all([ana?.remove(), ben?.remove()]);
    for (const schema of postgres
      .query("select nspname from pg_namespace where nspname ~ '_qa_|^next'", "state")
      .split("\n")) {
      if (schema !== "") postgres.query(`drop schema "${schema}" cascade`, "state");
    }
    [ana, ben] = await Promise.all([clone("ana"), clone("ben")]);
  });

  async function clone(user: "ana" | "ben"): Promise<Tree> {
    const tree = await makeTree();
    await tree.addProvider("acme");
    await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", `STATE_ENCRYPTION_KEY=${key}`]);
    await share(tree, user);
    return tree;
  }

  /** Without a user: kept in the clone. */
  const share = (tree: Tree, user?: string, ...more: string[]): Promise<void> =>
    writeFile(
      join(tree.root, "infrastructure/config/state.env"),
      [
        ...(user === undefined ? [] : ["STATE_BACKEND=pg", `STATE_CONN_STR='${postgres.address(user)}'`]),
        ...more,
        "",
      ].join("\n"),
      { mode: 0o600 },
    );
  const run = (tree: Tree, argv: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
    landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment });
  const errorOf = ({ result }: Outcome) =>
    result["error"] as { code: string; message: string; hint: string; exit: number };
  const applied = async (tree: Tree, ...more: string[]): Promise<void> => {
    const outcome = await run(tree, ["apply", "qa/acme", "--yes", ...more]);
    expect(outcome.result, outcome.stdout).toMatchObject({ ok: true });
  };
  const move = (tree: Tree, environment: Record<string, string> = {}): Promise<Outcome> =>
    run(tree, ["state", "move", "qa/acme"], environment);
  const unchanged = async (tree: Tree, ...more: string[]): Promise<void> => {
    const plan = await run(tree, ["plan", "qa/acme", ...more]);
    expect(plan.result, plan.stdout).toMatchObject({ ok: true, changes: false });
  };
  const record = (tree: Tree): Promise<string> =>
    readFile(join(tree.root, "infrastructure/stacks/qa/acme/state.json"), "utf8");
  /** An engine that leaves a line for each of its calls. */
  async function countingEngine(): Promise<{ wrapper: string; calls(): number }> {
    const [wrapper, list] = [join(ana.root, "tofu"), join(ana.root, "calls")];
    await writeFile(wrapper, `#!/bin/sh\necho >>${list}\nexec ${engine} "$@"\n`, { mode: 0o755 });
    await writeFile(list, "");
    return { wrapper, calls: () => readFileSync(list, "utf8").length };
  }

  test("killed at any call of the engine, the same command gets it there and back, and nothing is lost", async () => {
    await share(ana);
    await applied(ana);
    const first = await pulledState(ana);
    const connection = join(ana.root, "connection.secret");
    await writeFile(connection, postgres.address("ana"), { mode: 0o600 });
    const { wrapper, calls } = await countingEngine();
    for (const [user, ...more] of [["ana"], [undefined, "--from", `STATE_CONN_STR=@${connection}`]] as const) {
      await share(ana, user);
      for (let wanted = 1, finished = false; !finished; wanted += 1) {
        const until = calls() + wanted;
        const argv = ["state", "move", "qa/acme", ...more.map(String)];
        const how = wanted % 2 === 1 ? "all" : "alone";
        finished = await killLandfall(argv, ana.root, () => calls() >= until, how, { LANDFALL_TOFU: wrapper });
      }
      await unchanged(ana);
      expect(await pulledState(ana)).toEqual(first);
    }
    const found = await filesHolding(ana.root, new RegExp(passwords.ana));
    expect(found).toEqual(["connection.secret"]);
  });

  test("what a colleague changes meanwhile is not lost: the former place stays in force", async () => {
    await applied(ana);
    await unchanged(ben);
    const before = await record(ana);
    await share(ana, "ana", "STATE_SCHEMA_NAME=next_{environment}_{provider}");
    // An engine that lets the colleague work right before the former place is given up.
    const wrapper = join(ana.root, "tofu");
    const meanwhile = `LANDFALL_ROOT=${ben.root} XDG_STATE_HOME=${userState(ben.root)} LANDFALL_TOFU=${engine} SKIP_WAIT=true ${process.execPath} ${join(repository, "src/main.ts")} apply qa/acme --yes --set VM_MEMORY=2000`;
    await writeFile(
      wrapper,
      `#!/bin/bash
if [[ "$1 $2" == "state push" && $PWD == */state-access/former-pg && ! -e ${ana.root}/once ]]; then
  touch ${ana.root}/once
  (${meanwhile}) >${ana.root}/meanwhile 2>&1 </dev/null
fi
exec ${engine} "$@"
`,
    );
    await chmod(wrapper, 0o755);
    const refused = await move(ana, { LANDFALL_TOFU: wrapper });
    expect(await readFile(join(ana.root, "meanwhile"), "utf8")).toContain("qa/acme");
    expect(errorOf(refused), refused.stdout).toMatchObject({ code: "state.changed", exit: 5 });
    expect(await record(ana)).toBe(before);
    await unchanged(ben, "--set", "VM_MEMORY=2000");

    expect((await move(ana)).result).toMatchObject({ ok: true, moved: true });
    await unchanged(ana, "--set", "VM_MEMORY=2000");
    // The colleague's clone is told, and follows.
    expect(errorOf(await run(ben, ["plan", "qa/acme"]))).toMatchObject({ code: "state.moved", exit: 5 });
    await share(ben, "ben", "STATE_SCHEMA_NAME=next_{environment}_{provider}");
    expect((await move(ben)).result).toMatchObject({ ok: true, moved: true });
    await unchanged(ben, "--set", "VM_MEMORY=2000");
  });

  test("a newer state, or another one, at the new place is never overwritten", async () => {
    await applied(ana);
    const old = postgres.query('select data from "torrust-tracker_qa_acme".states', "state");
    const oldRecord = await record(ana);
    const next = "STATE_SCHEMA_NAME=next_{environment}_{provider}";
    await share(ana, "ana", next);
    expect((await move(ana)).result).toMatchObject({ moved: true });
    await applied(ana, "--set", "VM_MEMORY=2000");
    const there = postgres.query("select data from next_qa_acme.states", "state");
    // As if the former place came from a backup.
    postgres.query(`update "torrust-tracker_qa_acme".states set data = '${old}'`, "state");
    await writeFile(join(ana.root, "infrastructure/stacks/qa/acme/state.json"), oldRecord);
    const newer = await move(ana);
    expect(errorOf(newer), newer.stdout).toMatchObject({ code: "state.conflict", exit: 5 });
    expect(errorOf(newer).message).toContain("newer state");
    expect(postgres.query("select data from next_qa_acme.states", "state")).toBe(there);

    await share(ben);
    await applied(ben);
    await share(ben, "ben", next);
    const other = await move(ben);
    expect(errorOf(other), other.stdout).toMatchObject({ code: "state.conflict", exit: 5 });
    expect(postgres.query("select data from next_qa_acme.states", "state")).toBe(there);
  });

  test("where the new place, or the former one, cannot be reached, nothing is changed", async () => {
    await share(ana);
    await applied(ana);
    const file = join(ana.root, "infrastructure/stacks/qa/acme/terraform.tfstate");
    const [state, before] = [await readFile(file, "utf8"), await record(ana)];
    await share(ana, "ana");
    await postgres.stop();
    expect((await move(ana)).status).toBe(1);
    expect(await readFile(file, "utf8")).toBe(state);
    expect(await record(ana)).toBe(before);
    await postgres.start();
    expect((await move(ana)).result).toMatchObject({ moved: true });
    await postgres.stop();
    await share(ana);
    const lost = await run(ana, ["state", "move", "qa/acme", "--from", `STATE_CONN_STR=${postgres.address("ana")}`]);
    expect(lost.status).not.toBe(0);
    expect(errorOf(lost).hint).toContain("state.json");
    await postgres.start();
    await share(ana, "ana");
    await unchanged(ana);
  });

  test("the same place under another name is no other place", async () => {
    await applied(ana);
    const first = await pulledState(ana);
    const address = postgres.address("ana");
    const renamed = address.replace("127.0.0.1", "localhost");
    await share(ana, undefined, "STATE_BACKEND=pg", `STATE_CONN_STR='${renamed}'`);
    expect(errorOf(await run(ana, ["plan", "qa/acme"]))).toMatchObject({ code: "state.elsewhere" });
    const outcome = await run(ana, ["state", "move", "qa/acme", "--from", `STATE_CONN_STR=${address}`]);
    expect(outcome.result, outcome.stdout).toMatchObject({ ok: true });
    expect(await pulledState(ana)).toEqual(first);
    await unchanged(ana);
    await unchanged(ben);
  });

  test("a key on PostgreSQL: on, changed, wrong, off", async () => {
    const environment = (...lines: string[]): Promise<void> =>
      ana.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", ...lines]);
    const stored = (): string => postgres.query('select data from "torrust-tracker_qa_acme".states', "state");
    await environment();
    await applied(ana);
    expect(stored()).toContain("PRIVATE KEY");
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await unchanged(ana);
    const encrypted = stored();
    expect(encrypted).toContain("encrypted_data");
    await environment("STATE_ENCRYPTION_KEY=another-key-than-the-right-one");
    expect(errorOf(await run(ana, ["apply", "qa/acme", "--yes"]))).toMatchObject({ code: "engine.stateKey", exit: 3 });
    await environment();
    expect(errorOf(await run(ana, ["apply", "qa/acme", "--yes"]))).toMatchObject({
      code: "engine.stateEncrypted",
      exit: 3,
    });
    expect(stored()).toBe(encrypted);
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    const rotated = await run(ana, ["state", "rotate", "qa"]);
    expect(rotated.result, rotated.stdout).toMatchObject({ ok: true, previousKept: true });
    await unchanged(ana);
    const file = join(ana.root, "infrastructure/config/environments/qa.env");
    const now = /STATE_ENCRYPTION_KEY='?([^'\s]+)/.exec(await readFile(file, "utf8"))?.[1] ?? "";
    await environment(`STATE_ENCRYPTION_KEY_PREVIOUS='${now}'`);
    await unchanged(ana);
    expect(stored()).not.toContain("encrypted_data");
  });
});
