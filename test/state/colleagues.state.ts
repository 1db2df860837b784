import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesHolding } from "../support/filesHolding.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { cache, landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { startStateServer, type StateServer } from "../support/stateServer.ts";

const engine = await findTestEngine();
const key = "0123456789abcdefghijklmnopqrstuv";
/** Lines of every secret that these tests write have it. */
const canary = /c4n4ry/;

async function clone(settings: readonly string[]): Promise<Tree> {
  const tree = await makeTree();
  await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", `STATE_ENCRYPTION_KEY=${key}`]);
  await share(tree, settings);
  return tree;
}

function share(tree: Tree, settings: readonly string[]): Promise<void> {
  return writeFile(join(tree.root, "infrastructure/config/state.env"), `${settings.join("\n")}\n`, { mode: 0o600 });
}

const run = (tree: Tree, argv: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment });
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; message: string; hint: string };
const secretsIn = (tree: Tree): Promise<string[]> => filesHolding(tree.root, canary);

describe.skipIf(engine === undefined)("the backend http", () => {
  let server: StateServer;
  let ana: Tree;
  let ben: Tree;

  beforeAll(async () => {
    server = await startStateServer("team", "c4n4ry-http");
    const settings = [
      "STATE_BACKEND=http",
      `STATE_ADDRESS=${server.origin}/{stack}`,
      `STATE_LOCK_ADDRESS=${server.origin}/{stack}/lock`,
      `STATE_UNLOCK_ADDRESS=${server.origin}/{stack}/lock`,
      "STATE_USERNAME=team",
      "STATE_PASSWORD=c4n4ry-http",
      "STATE_RETRY_MAX=0",
    ];
    [ana, ben] = await Promise.all([clone(settings), clone(settings)]);
  });
  afterAll(async () => {
    await Promise.all([ana?.remove(), ben?.remove(), server?.close()]);
  });

  test("two clones share a state, encrypted", async () => {
    expect((await run(ana, ["apply", "qa/acme", "--yes"])).result).toMatchObject({ ok: true, changed: true });
    expect([...server.states.keys()]).toEqual(["/qa/acme"]);
    expect(server.states.get("/qa/acme")).toContain("encrypted_data");
    expect((await run(ben, ["plan", "qa/acme"])).result).toMatchObject({ ok: true, changes: false });
    expect(server.locks.size).toBe(0);
  });

  test("a clone that never worked on the stack has its outputs after a refresh", async () => {
    const fresh = await clone((await readFile(join(ana.root, "infrastructure/config/state.env"), "utf8")).split("\n"));
    const none = await run(fresh, ["output", "qa/acme"]);
    expect(errorOf(none).hint).toContain("landfall refresh qa/acme");
    await run(fresh, ["refresh", "qa/acme"]);
    expect((await run(fresh, ["output", "qa/acme"])).result, none.stdout).toMatchObject({ outputs: { vm_name: "qa" } });
    await fresh.remove();
  });

  test("what a colleague destroyed is not called lost, after a single apply", async () => {
    expect((await run(ben, ["destroy", "qa/acme", "--yes"])).result).toMatchObject({ ok: true });
    const plan = await run(ana, ["plan", "qa/acme"]);
    expect(plan.result).toMatchObject({ ok: true, changes: true });
    expect(plan.stdout).not.toContain("state.gone");
    expect(errorOf(await run(ana, ["output", "qa/acme"]))).toMatchObject({ code: "output.none" });
    expect((await run(ana, ["apply", "qa/acme", "--yes"])).result).toMatchObject({ changed: true });
  });

  test("who holds the lock is named, and for how long", async () => {
    const held = { ID: "7", Operation: "OperationTypeApply", Who: "ben@desk", Version: "1", Path: "", Info: "" };
    server.locks.set("/qa/acme", JSON.stringify({ ...held, Created: new Date(Date.now() - 90_000).toISOString() }));
    const refused = await run(ana, ["plan", "qa/acme"]);
    expect(refused.status).toBe(6);
    expect(errorOf(refused).message).toMatch(/: ben@desk, for (9\d|1[0-4]\d) s$/);
    server.locks.clear();
  });

  test("a wrong password, a server that is down, a state that is gone: never an empty state", async () => {
    const path = join(ana.root, "infrastructure/config/state.env");
    const settings = await readFile(path, "utf8");
    await writeFile(path, settings.replace("c4n4ry-http", "c4n4ry-wrong"));
    const wrong = await run(ana, ["apply", "qa/acme", "--yes"]);
    expect(wrong).toMatchObject({ status: 1 });
    expect(wrong.stdout).toContain("requires auth");
    await writeFile(path, settings);
    const whole = server.states.get("/qa/acme") ?? "";
    server.states.delete("/qa/acme");
    const gone = await run(ana, ["plan", "qa/acme"]);
    expect(gone.stdout).toContain("state.gone");
    // It was made anew by somebody who searched for it: another state.
    const again = await run(ana, ["apply", "qa/acme", "--yes"]);
    expect(again.result, again.stdout).toMatchObject({ ok: true });
    expect((await run(ana, ["plan", "qa/acme"])).result, "goes on").toMatchObject({ ok: true, changes: false });
    server.states.set("/qa/acme", whole);
    expect(errorOf(await run(ana, ["plan", "qa/acme"]))).toMatchObject({ code: "state.swapped" });
    const cut = whole.slice(0, -100);
    server.states.set("/qa/acme", cut);
    expect((await run(ben, ["apply", "qa/acme", "--yes"])).status).not.toBe(0);
    expect(server.states.get("/qa/acme")).toBe(cut);
    server.states.set("/qa/acme", whole);
  });

  test("no password is in a file but in the user's own", async () => {
    for (const tree of [ana, ben]) expect(await secretsIn(tree)).toEqual(["infrastructure/config/state.env"]);
  });
});

const moto = await findMoto();
describe.skipIf(engine === undefined || moto === undefined)("the backend s3", () => {
  let marker: string;
  let server: ChildProcess;
  let origin: string;
  let ana: Tree;
  let ben: Tree;

  beforeAll(async () => {
    [ana, ben] = await Promise.all([clone([]), clone([])]);
    marker = join(ana.root, "serving");
    await writeFile(marker, "");
    const script = join(repository, "infrastructure/terraform/providers", moto?.provider ?? "", "rehearsal/serve.py");
    server = spawn(join(moto?.home ?? "", "bin/python"), [script, marker], { stdio: ["ignore", "pipe", "ignore"] });
    const port = await new Promise<string>((resolve, reject) => {
      server.stdout?.on("data", (piece: Buffer) => {
        const found = /port (\d+)/.exec(piece.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
      server.once("exit", () => reject(new Error("moto ended")));
    });
    origin = `http://127.0.0.1:${port}`;
    await request("PUT", `${origin}/states`);
    const settings = [
      "STATE_BACKEND=s3",
      "STATE_BUCKET=states",
      "STATE_REGION=us-east-1",
      `STATE_ENDPOINTS='{"s3":"${origin}","sts":"${origin}","iam":"${origin}"}'`,
      "STATE_USE_PATH_STYLE=true",
      "STATE_SKIP_CREDENTIALS_VALIDATION=true",
      "STATE_SKIP_REQUESTING_ACCOUNT_ID=true",
      "STATE_SKIP_METADATA_API_CHECK=true",
      "STATE_ACCESS_KEY=c4n4ry-access",
      "STATE_SECRET_KEY=c4n4ry-secret",
    ];
    await Promise.all([share(ana, settings), share(ben, settings)]);
  });
  /** The emulator wants a signature, and takes any. */
  function request(method: string, address: string, body?: string): Promise<Response> {
    const scope = "test/20260101/us-east-1/s3/aws4_request";
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    return fetch(address, { method, headers: { authorization }, ...(body === undefined ? {} : { body }) });
  }
  afterAll(async () => {
    server?.kill();
    await Promise.all([ana?.remove(), ben?.remove()]);
  });

  test("two clones share a state; a lock names its holder; no secret is in a file", async () => {
    const first = await run(ana, ["apply", "qa/acme", "--yes"]);
    expect(first.result, first.stdout).toMatchObject({ ok: true, changed: true });
    const object = `${origin}/states/torrust-tracker/qa/acme.tfstate`;
    expect(await (await request("GET", object)).text()).toContain("encrypted_data");
    expect((await run(ben, ["plan", "qa/acme"])).result).toMatchObject({ ok: true, changes: false });

    const held = { ID: "7", Operation: "OperationTypeApply", Who: "ben@desk", Version: "1", Path: "", Info: "" };
    const body = JSON.stringify({ ...held, Created: new Date(Date.now() - 90_000).toISOString() });
    await request("PUT", `${object}.tflock`, body);
    const refused = await run(ana, ["plan", "qa/acme"]);
    expect(refused.status, refused.stdout).toBe(6);
    expect(errorOf(refused).message).toMatch(/: ben@desk, for \d+ s$/);
    await request("DELETE", `${object}.tflock`);

    expect((await run(ben, ["destroy", "qa/acme", "--yes"])).result).toMatchObject({ ok: true });
    for (const tree of [ana, ben]) expect(await secretsIn(tree)).toEqual(["infrastructure/config/state.env"]);
  });
});

/** The emulator that a provider's rehearsal installed; undefined, said loudly, where none did. */
async function findMoto(): Promise<{ provider: string; home: string } | undefined> {
  const base = join(cache, "providers");
  for (const provider of await readdir(base).catch(() => [])) {
    const names = await readdir(join(base, provider));
    const name = names.find((one) => one.startsWith("moto-moto") && existsSync(join(base, provider, one, "complete")));
    if (name !== undefined) return { provider, home: join(base, provider, name) };
  }
  process.stderr.write("SKIPPED: no moto for the tests of the backend s3; make test-rehearsal installs it\n");
  return undefined;
}
