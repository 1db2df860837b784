import { expect, test } from "vitest";
import { realProcesses } from "./realProcesses.ts";

test("a line that arrives in pieces is one line, and what comes last needs no line end", async () => {
  const lines: string[] = [];
  const script = "printf one; sleep 0.2; printf ' line\\nan'; sleep 0.2; printf 'other\\r\\nrest'";
  await realProcesses.run({ program: "sh", arguments: ["-c", script], onOutput: (line) => void lines.push(line) });
  expect(lines).toEqual(["one line", "another", "rest"]);
});
