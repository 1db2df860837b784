import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import backends from "../../engine/backends.json" with { type: "json" };
import { canary } from "../support/canary.ts";
import { filesHolding } from "../support/filesHolding.ts";
import { killLandfall } from "../support/killLandfall.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { startStateServer, type StateServer } from "../support/stateServer.ts";

const password = canary("the password of a backend");
let tree: Tree;
let server: StateServer;

beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  server = await startStateServer("team", password);
});
afterEach(async () => {
  await server.close();
  await tree.remove();
});

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
const environment = (...lines: string[]): Promise<void> =>
  tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", ...lines]);
const shared = (): string[] => [
  "STATE_BACKEND=http",
  `STATE_ADDRESS=${server.origin}/states/{stack}`,
  `STATE_LOCK_ADDRESS=${server.origin}/states/{stack}/lock`,
  `STATE_UNLOCK_ADDRESS=${server.origin}/states/{stack}/lock`,
  "STATE_USERNAME=team",
  `STATE_PASSWORD=${password}`,
];
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; message: string; exit: number };

describe("http", () => {
  test("a stack lives there, and its lock is seen with holder and age", async () => {
    await environment(...shared());
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true, changed: true });
    expect([...server.states.keys()]).toEqual(["/states/qa/acme"]);
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true, changed: false });
    const created = new Date(Date.now() - 120_000).toISOString();
    const lock = { ID: "4711", Operation: "OperationTypeApply", Who: "ben@desk", Created: created, Version: "1.12.6" };
    server.locks.set("/states/qa/acme", JSON.stringify(lock));
    const refused = await run("plan", "qa/acme");
    expect(errorOf(refused)).toMatchObject({ code: "engine.stateLocked", exit: 6 });
    expect(errorOf(refused).message).toMatch(/ben@desk, for (2 min|1[2-5]\d s)$/);
    server.locks.clear();
    expect((await run("destroy", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
    expect(await filesHolding(tree.root, new RegExp(password))).toEqual(["infrastructure/config/environments/qa.env"]);
  });

  test("a move that is killed at any moment goes on with the same command, and nothing is lost", async () => {
    await environment();
    await run("apply", "qa/acme", "--yes");
    const before = JSON.parse(
      await readFile(join(tree.root, "infrastructure/stacks/qa/acme/terraform.tfstate"), "utf8"),
    );
    await environment(...shared());
    for (let afterMs = 60; ; afterMs += 60) {
      if (await killLandfall(["state", "move", "qa/acme"], tree.root, afterMs)) break;
      server.locks.clear();
    }
    server.locks.clear();
    const moved = await run("state", "move", "qa/acme");
    expect(moved.result, moved.stdout).toMatchObject({ ok: true });
    const after = JSON.parse(server.states.get("/states/qa/acme") ?? "{}");
    expect({ ...after, serial: 0 }).toEqual({ ...before, serial: 0 });
    const plan = await run("plan", "qa/acme");
    expect(plan.result, plan.stdout).toMatchObject({ ok: true, changes: false });
  });

  test("a place that cannot be reached leaves the state where it is", async () => {
    await environment();
    await run("apply", "qa/acme", "--yes");
    const file = join(tree.root, "infrastructure/stacks/qa/acme/terraform.tfstate");
    const before = await readFile(file, "utf8");
    await environment(...shared().map((line) => line.replace(`=${password}`, "=not-the-password-00")));
    expect((await run("state", "move", "qa/acme")).result).toMatchObject({ ok: false });
    expect(await readFile(file, "utf8")).toBe(before);
    await environment();
    expect((await run("plan", "qa/acme")).result).toMatchObject({ ok: true, changes: false });
  });
});

/** Whatever a backend asks for, so that it gets as far as the service, which is not there. */
const enough: Record<string, string[]> = {
  azurerm: [
    "STATE_STORAGE_ACCOUNT_NAME=account",
    "STATE_CONTAINER_NAME=states",
    `STATE_ACCESS_KEY=${Buffer.from(password).toString("base64")}`,
    "STATE_ENDPOINT=127.0.0.1:9",
  ],
  consul: ["STATE_ADDRESS=127.0.0.1:9", "STATE_SCHEME=http", `STATE_ACCESS_TOKEN=${password}`],
  cos: [
    "STATE_BUCKET=states-1250000000",
    "STATE_REGION=r",
    `STATE_SECRET_ID=${password}`,
    `STATE_SECRET_KEY=${password}`,
  ],
  gcs: ["STATE_BUCKET=states", `STATE_ACCESS_TOKEN=${password}`, "STATE_STORAGE_CUSTOM_ENDPOINT=ORIGIN/"],
  kubernetes: ["STATE_HOST=http://127.0.0.1:9", `STATE_TOKEN=${password}`, "STATE_LOAD_CONFIG_FILE=false"],
  oss: [
    "STATE_BUCKET=states",
    "STATE_REGION=r",
    `STATE_ACCESS_KEY=${password}`,
    `STATE_SECRET_KEY=${password}`,
    "STATE_ENDPOINT=http://127.0.0.1:9",
  ],
  pg: [`STATE_CONN_STR=postgres://ana:${password}@127.0.0.1:9/state?sslmode=disable`],
  s3: [
    "STATE_BUCKET=states",
    "STATE_REGION=nowhere-1",
    `STATE_ACCESS_KEY=${password}`,
    `STATE_SECRET_KEY=${password}`,
    'STATE_ENDPOINTS=\'{"s3":"http://127.0.0.1:9"}\'',
    "STATE_SKIP_CREDENTIALS_VALIDATION=true",
    "STATE_SKIP_REQUESTING_ACCOUNT_ID=true",
    "STATE_SKIP_REGION_VALIDATION=true",
    "STATE_SKIP_METADATA_API_CHECK=true",
    "STATE_MAX_RETRIES=1",
  ],
};

/** A service that cannot be reached at all would be tried for minutes by some. */
const settingsOf = (backend: string): string[] =>
  (enough[backend] ?? []).map((line) => line.replace("ORIGIN", server.origin));

describe("every backend of the table", () => {
  test("is tried", () => {
    expect([...Object.keys(enough), "http"].toSorted()).toEqual(Object.keys(backends).toSorted());
  });

  test.each(Object.keys(enough))("%s: the engine takes the block, and no secret is in a file", async (backend) => {
    await environment(`STATE_BACKEND=${backend}`, ...settingsOf(backend));
    const outcome = await run("init", "qa/acme");
    expect(outcome.result, outcome.stdout).toMatchObject({ ok: false, error: { code: "engine.initFailed" } });
    // What it says is about the service.
    expect(outcome.stdout).not.toMatch(
      /Unsupported argument|Missing required argument|not expected here|configuration\.invalid/,
    );
    expect(outcome.stdout).not.toContain(password);
    expect(await filesHolding(tree.root, new RegExp(password))).toEqual(
      backend === "azurerm" ? [] : ["infrastructure/config/environments/qa.env"],
    );
  });

  test("two stacks never share a place", async () => {
    for (const [backend, { place }] of Object.entries(backends)) {
      await environment(
        `STATE_BACKEND=${backend}`,
        ...settingsOf(backend),
        `STATE_${place.argument.toUpperCase()}=one`,
      );
      const outcome = await run("config", "check", "qa/acme");
      expect(outcome.status, backend).toBe(3);
      expect(outcome.stdout, backend).toContain("overwrite each other");
    }
  });
});
