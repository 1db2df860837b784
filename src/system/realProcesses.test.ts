import { expect, test } from "vitest";
import { realProcesses } from "./realProcesses.ts";

test("a line that arrives in pieces is one line, and what comes last needs no line end", async () => {
  const lines: string[] = [];
  const script = "printf one; sleep 0.2; printf ' line\\nan'; sleep 0.2; printf 'other\\r\\nrest'";
  await realProcesses.run({ program: "sh", arguments: ["-c", script], onOutput: (line) => void lines.push(line) });
  expect(lines).toEqual(["one line", "another", "rest"]);
});

test("what a child has left behind may write on, and is ended when it falls silent", async () => {
  const script = "(for i in 1 2 3; do sleep 2.5; echo $i; done; sleep 60) & exit 3";
  const outcome = await realProcesses.run({ program: "sh", arguments: ["-c", script], ownSession: true });
  expect(outcome).toMatchObject({ status: 3, stdout: "1\n2\n3\n" });
  expect(outcome.durationMs).toBeLessThan(40_000);
});

test("a signal goes to one process, never to the group that we are part of", () => {
  for (const pid of [0, -1, Number.NaN, -process.pid])
    expect(() => realProcesses.kill(pid)).toThrow(`${pid} is no process`);
});
