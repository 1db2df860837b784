import { spawn } from "node:child_process";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findTestEngine } from "./support/findTestEngine.ts";
import { typeInTerminal } from "./support/inTerminal.ts";
import { userState } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";
import { works } from "./support/works.ts";

const engine = await findTestEngine();
const main = join(repository, "src", "main.ts");
const ready = engine !== undefined && works("python3", "-c", "import pty");
if (!ready) process.stderr.write("SKIPPED: signals: no engine, or no python3 that has pty\n");

let tree: Tree;
let environment: Record<string, string>;
const at = (name: string): string => join(tree.root, name);

/** The real engine; but before it applies it says so, writes down every signal, and waits until there is a file `go`. */
beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  const wrapper = `#!/bin/bash
if [ "$1" = apply ]; then
  for name in INT TERM HUP; do trap "echo $name >>${at("signals")}" $name; done
  touch ${at("begun")}
  while [ -e ${at("tofu")} ] && [ ! -e ${at("go")} ]; do sleep 0.1; done
  trap - INT TERM HUP
fi
exec ${engine} "$@"
`;
  await writeFile(at("tofu"), wrapper, { mode: 0o700 });
  environment = {
    LANDFALL_ROOT: tree.root,
    LANDFALL_TOFU: at("tofu"),
    XDG_STATE_HOME: userState(tree.root),
    SKIP_WAIT: "true",
    NO_COLOR: "1",
  };
});
afterEach(async () => {
  await writeFile(at("go"), "");
  await tree.remove();
});

const apply = ["apply", "development/acme", "--yes"];
const signals = (): Promise<string> => readFile(at("signals"), "utf8").catch(() => "");

describe.skipIf(!ready)("a run that is asked to stop", { timeout: 150_000 }, () => {
  test("Ctrl-C: one SIGINT to the engine, then a warning, then the end of Landfall alone", async () => {
    const { shown, status } = await typeInTerminal(
      [
        { file: at("begun"), keys: "\u0003" },
        { shown: "Stopping: waiting until what is under way is saved", keys: "\u0003" },
        { shown: "Still saving", keys: "\u0003" },
      ],
      { program: process.execPath, args: [main, ...apply], root: tree.root, environment },
    );
    expect(shown).toContain("Still saving");
    expect(status).toBe(7);
    // A shell hears of a signal when its child has ended.
    await expect.poll(signals, { timeout: 25_000 }).toBe("INT\n");

    // The engine holds the stack until it has saved what it did; the next run waits for it, and goes on from there.
    const next = spawn(process.execPath, [main, ...apply], { env: { ...process.env, ...environment } });
    let said = "";
    next.stderr.on("data", (text: Buffer) => {
      said += text.toString();
      if (said.includes("waiting until it has saved")) void writeFile(at("go"), "");
    });
    const limit = setTimeout(() => next.kill("SIGKILL"), 100_000);
    const end = await new Promise((resolve) => next.once("close", resolve));
    clearTimeout(limit);
    expect([end, said]).toEqual([0, expect.stringContaining("waiting until it has saved")]);
    expect(await signals()).toBe("INT\n");
  });

  test.each([
    ["SIGTERM is taken for Ctrl-C", "SIGTERM", "INT\n"],
    ["SIGHUP stops nothing", "SIGHUP", ""],
  ] as const)("%s", async (_what, signal, expected) => {
    const child = spawn(process.execPath, [main, ...apply], {
      env: { ...process.env, ...environment },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const begun = (): Promise<boolean> =>
      access(at("begun")).then(
        () => true,
        () => false,
      );
    await expect.poll(begun, { timeout: 25_000 }).toBe(true);
    child.kill(signal);
    await expect.poll(signals).toBe(expected);
    // What comes too often comes late.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await writeFile(at("go"), "");
    const status = await ended;
    expect(await signals()).toBe(expected);
    if (signal === "SIGHUP") expect(status).toBe(0);
  });
});
