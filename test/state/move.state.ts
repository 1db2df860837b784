import { execFile } from "node:child_process";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { filesHolding } from "../support/filesHolding.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { findPostgres, passwords, startPostgres, type Postgres } from "../support/postgres.ts";
import { watchArguments } from "../support/watchArguments.ts";
import { runAndKill } from "../support/runAndKill.ts";

const [programs, engine] = await Promise.all([findPostgres(), findTestEngine()]);
const key = "0123456789abcdefghijklmnopqrstuv";

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
  /** Everything the state says, without what counts writings. */
  async function pulled(tree: Tree): Promise<object> {
    const argv = [join(repository, "src/main.ts"), "tofu", "qa/acme", "--", "state", "pull"];
    const { stdout } = await promisify(execFile)(process.execPath, argv, {
      env: { ...process.env, LANDFALL_ROOT: tree.root },
    });
    return { ...(JSON.parse(stdout) as object), serial: 0 };
  }

  test("killed at any moment, the same command gets it there and back, and nothing is lost", async () => {
    await share(ana);
    await applied(ana);
    const first = await pulled(ana);
    const connection = join(ana.root, "connection");
    await writeFile(connection, postgres.address("ana"), { mode: 0o600 });
    const step = Number(process.env["KILL_STEP_MS"] ?? 600);
    for (const [user, ...more] of [["ana"], [undefined, "--from", `STATE_CONN_STR=@${connection}`]] as const) {
      await share(ana, user);
      const watch = watchArguments(/c4n4ry/);
      for (let afterMs = 300, round = 0; ; afterMs += step, round += 1) {
        const argv = ["state", "move", "qa/acme", "--json", ...more.map(String)];
        const { status, stdout } = await runAndKill(ana.root, argv, { afterMs, alone: round % 2 === 1 });
        expect(stdout).not.toMatch(/c4n4ry/);
        if (status === undefined) continue;
        expect(status, stdout).toBe(0);
        break;
      }
      expect(watch.stop()).toEqual([]);
      await unchanged(ana);
      expect(await pulled(ana)).toEqual(first);
    }
    const found = await filesHolding(ana.root, new RegExp(passwords.ana));
    expect(found).toEqual(["connection"]);
  });

  test("what a colleague changes meanwhile is not lost: the former place stays in force", async () => {
    await applied(ana);
    await unchanged(ben);
    const before = await record(ana);
    await share(ana, "ana", "STATE_SCHEMA_NAME=next_{environment}_{provider}");
    // An engine that lets the colleague work right before the former place is given up.
    const wrapper = join(ana.root, "tofu");
    const meanwhile = `LANDFALL_ROOT=${ben.root} LANDFALL_TOFU=${engine} SKIP_WAIT=true ${process.execPath} ${join(repository, "src/main.ts")} apply qa/acme --yes --set VM_MEMORY=2000`;
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
    await share(ana, undefined, `STATE_CONN_STR='${postgres.address("ana")}'`);
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
    const first = await pulled(ana);
    const address = postgres.address("ana");
    const renamed = address.replace("127.0.0.1", "localhost");
    await share(ana, undefined, "STATE_BACKEND=pg", `STATE_CONN_STR='${renamed}'`);
    expect(errorOf(await run(ana, ["plan", "qa/acme"]))).toMatchObject({ code: "state.elsewhere" });
    const outcome = await run(ana, ["state", "move", "qa/acme", "--from", `STATE_CONN_STR=${address}`]);
    expect(outcome.result, outcome.stdout).toMatchObject({ ok: true });
    expect(await pulled(ana)).toEqual(first);
    await unchanged(ana);
    await unchanged(ben);
  });

  test("a state that is lost is searched for, made anew, and gone on with", async () => {
    await applied(ana);
    await unchanged(ana);
    postgres.query('drop schema "torrust-tracker_qa_acme" cascade;', "state");
    expect((await run(ana, ["apply", "qa/acme", "--yes"])).stdout).toContain("state.gone");
    await unchanged(ana);
    await rm(join(ana.root, "infrastructure/stacks"), { recursive: true });
    await unchanged(ana);
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
