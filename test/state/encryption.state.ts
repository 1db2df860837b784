import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { filesHolding } from "../support/filesHolding.ts";
import { landfall, userState, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";

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

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test";
