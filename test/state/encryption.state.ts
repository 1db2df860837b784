import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { filesHolding } from "../support/filesHolding.ts";
import { landfall, userState, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { killLandfall } from "../support/killLandfall.ts";

const key = canary("the key of an encrypted state");
const other = "second-key-9876543210-fedcba";
/** A setting that is no secret: stands in the state, among the inputs of the module, and in the journal. */
const motto = "c4n4ry-motto-5512";

let tree: Tree;
beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
});
afterEach(() => tree.remove());

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
const environment = (...lines: string[]): Promise<void> =>
  tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", `PROVIDER_ACME_MOTTO=${motto}`, ...lines]);
const stack = (name = ""): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
const state = (): Promise<string> => readFile(stack("terraform.tfstate"), "utf8");
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; exit: number; hint: string };
const unchanged = async (): Promise<void> =>
  expect((await run("plan", "qa/acme")).result).toMatchObject({ ok: true, changes: false });
/** Files that hold what is in the state. */
const plainCopies = async (): Promise<string[]> =>
  (await filesHolding(stack(), /c4n4ry-motto/)).filter(
    (name) => !["terraform.tfvars.json", "known.json"].includes(name) && !/^(runs|journal)\//.test(name),
  );

const plainSnapshotsIn = async (place: string): Promise<string[]> =>
  (await filesHolding(place, /c4n4ry-motto/)).filter((name) => name.includes("/snapshots/"));

describe("a plain state", () => {
  test("is encrypted once, after a snapshot that is encrypted too; nothing of it stays in plain text", async () => {
    await environment();
    await run("apply", "qa/acme", "--yes");
    await run("apply", "qa/acme", "--yes", "--set", "VM_MEMORY=2000");
    expect(await plainCopies()).toEqual(expect.arrayContaining(["terraform.tfstate", "terraform.tfstate.backup"]));
    const outside = (): Promise<string[]> => plainSnapshotsIn(userState(tree.root));
    expect(await outside()).not.toEqual([]);
    const earlier = await readdir(stack("snapshots"));
    expect(earlier).not.toEqual([]);

    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    const converted = await run("plan", "qa/acme");
    expect(converted.events).toContainEqual(expect.objectContaining({ code: "state.converted" }));
    expect(await state()).toContain('"encrypted_data"');
    expect(await plainCopies()).toEqual([]);
    expect(await outside()).toEqual([]);
    expect(await readdir(stack("snapshots"))).toHaveLength(earlier.length + 1);

    const again = await run("apply", "qa/acme", "--yes");
    expect(again.result).toMatchObject({ ok: true });
    expect(again.stdout).not.toContain("state.converted");
    expect(await plainCopies()).toEqual([]);
  });

  test("is what a protected environment never has by accident", async () => {
    await environment("PROTECTED=true", `SSH_PUBLIC_KEY='${publicKey}'`);
    const refused = await run("apply", "qa/acme", "--yes");
    expect(errorOf(refused)).toMatchObject({ code: "configuration.invalid", exit: 3 });
    expect(refused.stdout).toContain("landfall configure qa adds one");
    await environment("PROTECTED=true", `SSH_PUBLIC_KEY='${publicKey}'`, "STATE_ENCRYPTION_KEY=");
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
    expect(await state()).toContain(motto);
  });
});

describe("an encrypted state", () => {
  beforeEach(async () => {
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true, changed: true });
  });

  test("is never an empty one: wrong key, no key, a key that is cut", async () => {
    const before = await state();
    for (const [lines, code] of [
      [[`STATE_ENCRYPTION_KEY=${other}`], "engine.stateKey"],
      [[`STATE_ENCRYPTION_KEY=${other}`, "STATE_ENCRYPTION_KEY_PREVIOUS=some-third-key-000000"], "engine.stateKey"],
      [[], "engine.stateEncrypted"],
      [["STATE_ENCRYPTION_KEY="], "engine.stateEncrypted"],
    ] as const) {
      await environment(...lines);
      for (const command of ["plan", "apply", "destroy", "refresh"]) {
        expect(errorOf(await run(command, "qa/acme", "--yes")), `${command} ${lines.join(" ")}`).toMatchObject({
          code,
          exit: 3,
        });
      }
      expect(await state()).toBe(before);
    }
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await unchanged();
  });

  test("that was damaged is said to be so", async () => {
    const before = await state();
    const at = before.indexOf('"encrypted_data": "') + 60;
    const flipped = before.slice(0, at) + (before[at] === "A" ? "B" : "A") + before.slice(at + 1);
    await writeFile(stack("terraform.tfstate"), flipped);
    expect(errorOf(await run("apply", "qa/acme", "--yes"))).toMatchObject({ code: "engine.stateKey", exit: 3 });
    await writeFile(stack("terraform.tfstate"), before.slice(0, at));
    expect(errorOf(await run("apply", "qa/acme", "--yes"))).toMatchObject({ code: "state.unreadable", exit: 7 });
    await writeFile(stack("terraform.tfstate"), before);
    await unchanged();
  });

  test("takes a new key while the previous one is given, and gives up encryption the same way", async () => {
    await environment(`STATE_ENCRYPTION_KEY=${other}`, `STATE_ENCRYPTION_KEY_PREVIOUS=${key}`);
    await unchanged();
    await environment(`STATE_ENCRYPTION_KEY=${other}`);
    await unchanged();
    await environment(`STATE_ENCRYPTION_KEY_PREVIOUS=${other}`);
    await unchanged();
    expect(await state()).toContain(motto);
    await environment();
    await unchanged();
  });

  test("plans are encrypted as well", async () => {
    await run("tofu", "qa/acme", "--", "plan", `-out=${stack("kept.tfplan")}`);
    expect(await filesHolding(stack(), /c4n4ry-motto[^]*PK\x03\x04|PK\x03\x04/)).toEqual([]);
    expect(await readFile(stack("kept.tfplan"), "utf8")).toContain('"encrypted_data"');
  });

  test("any text is a key", async () => {
    let previous = key;
    for (const text of [
      "quotes '\" and \\ backslash",
      "${var.x} %{ if } $${",
      "zwölf Boxkämpfer jagen",
      "# ; $(true) `true`",
    ]) {
      const quoted = (value: string): string => `"${value.replace(/[\\"$`]/g, "\\$&")}"`;
      await environment(`STATE_ENCRYPTION_KEY=${quoted(text)}`, `STATE_ENCRYPTION_KEY_PREVIOUS=${quoted(previous)}`);
      await unchanged();
      await environment(`STATE_ENCRYPTION_KEY=${quoted(text)}`);
      await unchanged();
      previous = text;
    }
  });
});

describe("landfall state rotate", () => {
  const file = (): string => join(tree.root, "infrastructure/config/environments/qa.env");
  const lines = (present: string): string[] => ["# mine", `STATE_ENCRYPTION_KEY=${present} # keep a copy`, "OTHER=1"];

  test("writes every state of the environment anew, and changes one line of the file", async () => {
    await environment(...lines(key));
    await run("apply", "qa/acme", "--yes");
    const before = await readFile(file(), "utf8");
    const rotated = await run("state", "rotate", "qa");
    expect(rotated.result).toMatchObject({ ok: true, stacks: ["qa/acme"], previousKept: false, resumed: false });
    const after = await readFile(file(), "utf8");
    const present = /^STATE_ENCRYPTION_KEY=(\w{40}) # keep a copy$/m.exec(after)?.[1] ?? "";
    expect(after).toBe(before.replace(key, present));
    await unchanged();
    await environment(...lines(key));
    expect(errorOf(await run("plan", "qa/acme"))).toMatchObject({ code: "engine.stateKey" });
    // What is kept outside the clone needs no key that was taken away.
    await writeFile(file(), after);
    await rm(stack(), { recursive: true });
    const recovered = await run("recover", "qa/acme", "--yes");
    expect(recovered.result, recovered.stdout).toMatchObject({ ok: true, changes: false });
    expect(recovered.result["state"]).toMatchObject({ from: expect.stringContaining(userState(tree.root)) });
    await unchanged();
  });

  test("where no key fits newer snapshots, an older one is not taken unasked", async () => {
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await run("apply", "qa/acme", "--yes");
    await environment(`STATE_ENCRYPTION_KEY=${other}`, `STATE_ENCRYPTION_KEY_PREVIOUS=${key}`);
    await run("apply", "qa/acme", "--yes", "--set", "VM_MEMORY=2000");
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await rm(stack(), { recursive: true });
    expect(errorOf(await run("recover", "qa/acme", "--yes"))).toMatchObject({ code: "engine.stateKey" });
    const restored = await run("state", "restore", "qa/acme", "--yes");
    expect(restored.result, restored.stdout).toMatchObject({ ok: true });
    const notice = restored.events.find(({ code }) => code === "state.snapshotKey");
    expect(notice).toMatchObject({ hint: expect.stringContaining("STATE_ENCRYPTION_KEY_PREVIOUS") });
    await environment(`STATE_ENCRYPTION_KEY=some-third-key-000000`);
    await rm(stack(), { recursive: true });
    expect(errorOf(await run("recover", "qa/acme", "--yes"))).toMatchObject({ code: "engine.stateKey", exit: 3 });
  });

  test("keeps both keys while one state cannot be written, and finishes later", async () => {
    await tree.addProvider("acme");
    const folder = join(tree.root, "infrastructure/terraform/providers/acme");
    await environment(...lines(key));
    await run("apply", "qa/acme", "--yes");
    const manifest = await readFile(join(folder, "provider.yaml"), "utf8");
    await writeFile(join(folder, "provider.yaml"), "contract: 99\n");
    await rename(stack("applied"), stack("applied.away"));
    const refused = await run("state", "rotate", "qa");
    expect(errorOf(refused)).toMatchObject({ code: "state.rotation", exit: 1 });
    expect(await readFile(file(), "utf8")).toContain(`STATE_ENCRYPTION_KEY_PREVIOUS=${key}`);
    await writeFile(join(folder, "provider.yaml"), manifest);
    await unchanged();
    expect((await run("state", "rotate", "qa")).result).toMatchObject({ ok: true, resumed: true });
    expect(await readFile(file(), "utf8")).not.toContain("PREVIOUS");
    await unchanged();
  });

  test("killed at any moment, it goes on with the same command, and the state can be read all the time", async () => {
    await environment(...lines(key));
    await run("apply", "qa/acme", "--yes");
    for (let afterMs = 100; ; afterMs += 350) {
      const finished = await killLandfall(["state", "rotate", "qa"], tree.root, afterMs);
      await unchanged();
      if (finished) break;
    }
    expect((await run("state", "rotate", "qa")).result).toMatchObject({ ok: true });
    await unchanged();
  });

  test("leaves a key alone that comes from elsewhere, or is overridden", async () => {
    await environment("STATE_ENCRYPTION_KEY=${secret:file:key.secret}");
    await writeFile(join(tree.root, "key.secret"), key, { mode: 0o600 });
    await run("apply", "qa/acme", "--yes");
    const refused = await run("state", "rotate", "qa");
    expect(errorOf(refused)).toMatchObject({ code: "state.noKey", exit: 3 });
    expect(errorOf(refused).hint).toContain("STATE_ENCRYPTION_KEY_PREVIOUS");
    expect(await readFile(join(tree.root, "key.secret"), "utf8")).toBe(key);
    // An empty previous key is none.
    await environment(...lines(key), "STATE_ENCRYPTION_KEY_PREVIOUS=");
    const argv = ["state", "rotate", "qa", "--json"];
    const overridden = await landfall(tree.root, argv, { STATE_ENCRYPTION_KEY: key });
    expect(errorOf(overridden)).toMatchObject({ code: "state.keyOverridden", exit: 3 });
    expect((await run("state", "rotate", "qa")).result).toMatchObject({ ok: true, resumed: false });
  });
});

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test";
