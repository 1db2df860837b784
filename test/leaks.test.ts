import { execFileSync, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { canary, findSecret, formsOf, marker, planted as secret } from "./support/canary.ts";
import { landfall } from "./support/landfall.ts";
import { leaks } from "./support/leaks.ts";
import { takeLeaks } from "./support/leakSeen.ts";
import { makeTree } from "./support/makeTree.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "landfall-leaks-"));
  await mkdir(join(directory, "deep"));
});

describe("what fails a test", () => {
  test.each(["promise", "sync"])("a file that is removed (%s)", async (way) => {
    await writeFile(join(directory, "deep", "state.json"), JSON.stringify({ a: secret }));
    if (way === "sync") rmSync(directory, { recursive: true });
    else await rm(directory, { recursive: true });
    expect(takeLeaks()).toEqual([expect.stringContaining("deep/state.json holds a secret")]);
  });

  test("arguments of a process, however short it lives", async () => {
    execFileSync("true", [secret]);
    await new Promise((resolve) => spawn("true", ["-x", secret]).once("close", resolve));
    expect(takeLeaks()).toHaveLength(2);
  });

  test("what Landfall prints", async () => {
    const tree = await makeTree();
    await tree.environment("qa", ["ENVIRONMENT=qa", `NOTE=${secret}`]);
    await landfall(tree.root, ["config", "show", "qa/libvirt"]);
    await tree.remove();
    expect(takeLeaks()).toEqual([expect.stringContaining("stdout of landfall config shows a secret")]);
  });
});

test("a secret is found in every form and in packed files, and declared files must be their owner's", async () => {
  const put = (name: string, content: string | Buffer): Promise<void> =>
    writeFile(join(directory, name), content, { mode: 0o600 });
  await put("plain.env", secret);
  await put("plain.env.0123456789ab.tmp", secret);
  expect(leaks(directory)).toEqual([]);
  await chmod(join(directory, "plain.env"), 0o644);
  expect(leaks(directory)).toEqual([expect.stringContaining("others can read it: mode 644")]);
  await rm(join(directory, "plain.env"));
  takeLeaks();
  await put("packed", gzipSync(secret));
  execFileSync(
    "python3",
    [
      "-c",
      "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED).writestr('a', sys.stdin.read())",
      join(directory, "plan"),
    ],
    { input: secret },
  );
  expect(leaks(directory)).toHaveLength(2);
  await rm(directory, { recursive: true });
  takeLeaks();
});

test("forms", () => {
  for (const text of [secret, 'p&"<w0rd>/+?', "two\nlines of it"]) {
    for (const before of ["", "x", "xy"]) {
      const encoded = Buffer.from(`${before}${text}tail`).toString("base64");
      for (const shown of [encoded, encoded.replaceAll("+", "-").replaceAll("/", "_")]) {
        expect(findSecret(`a ${shown} b`, [text])).toBeDefined();
      }
    }
    for (const shown of [text, JSON.stringify({ text }), encodeURIComponent(text), Buffer.from(text).toString("hex")]) {
      expect(findSecret(`a ${shown} b`, [text]), shown).toBeDefined();
    }
  }
  expect(formsOf(marker).every((form) => form.length >= marker.length)).toBe(true);
  expect(findSecret("c4a417e5 d00dfeed")).toBeUndefined();
  expect(new Set(["a", "b"].map((name) => canary(name))).size).toBe(2);
  expect(canary("a", 64)).toMatch(/^[0-9a-f]{64}$/);
});
