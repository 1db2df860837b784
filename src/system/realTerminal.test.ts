import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { canary } from "../../test/support/canary.ts";

const secret = canary("what is typed");
const program = `
  import { realTerminal } from ${JSON.stringify(join(import.meta.dirname, "realTerminal.ts"))};
  const terminal = realTerminal();
  const seen = await terminal.ask("\\u001b[2Jfirst? ");
  const hidden = await terminal.askSecret("second? ");
  const ended = await terminal.askSecret("third? ");
  console.log([seen, hidden.length, hidden.at(-1), ended].join("|"));`;
const script = spawnSync("script", ["--version"]).error === undefined;

// `script` gives its child a terminal of its own.
test.skipIf(!script)("what is typed is shown, but not where a secret is asked for", async () => {
  const command = `'${process.execPath}' --input-type=module-typescript -e "$PROGRAM"`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    env: { PATH: process.env["PATH"], PROGRAM: program, TERM: "dumb" },
  });
  onTestFinished(() => void child.kill());
  const answers: [prompt: string, answer: string][] = [
    ["first? ", "visible\r"],
    ["second? ", ` ${secret}\r`],
    ["third? ", "\u0004"],
  ];
  let output = "";
  child.stdout.on("data", (piece: Buffer) => {
    output += piece.toString();
    const [prompt, answer] = answers[0] ?? [];
    if (prompt === undefined || !output.includes(prompt)) return;
    answers.shift();
    child.stdin.write(answer);
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(output).toContain("visible");
  expect(output).not.toContain(secret);
  expect(output).not.toContain("\u001b[2J");
  expect(output).toContain(`visible|${secret.length}|${secret.at(-1)}|`);
});
