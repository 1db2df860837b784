import { expect, it } from "vitest";
import { Secret } from "../configuration/Secret.ts";
import { createReporter } from "./createReporter.ts";
import { sampleError, sampleRun } from "./testing/sampleRun.ts";

function reporterInto(lines: string[], verbose = false) {
  return createReporter("ndjson", {
    stdout: { write: (text) => lines.push(text) },
    stderr: { write: () => expect.unreachable("standard error stays empty") },
    verbose,
    now: () => Date.UTC(2026, 10, 23),
    environment: {},
  });
}

it("writes each event as one line with its time", () => {
  const lines: string[] = [];
  const reporter = reporterInto(lines, true);
  for (const [, event] of sampleRun) reporter.emit(event);
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    sampleRun.map(([, event]) => ({ time: "2026-11-23T00:00:00.000Z", ...event })),
  );
});

it("leaves out what child processes print unless it is asked for", () => {
  const lines: string[] = [];
  const reporter = reporterInto(lines);
  for (const [, event] of sampleRun) reporter.emit(event);
  expect(lines.join("")).not.toContain("child.output");
  expect(lines).toHaveLength(sampleRun.length - 1);
});

it("ends with a result whose own keys no data replaces, and shows no secret", () => {
  const lines: string[] = [];
  const data = { ok: "x", type: "y", token: new Secret("canary"), odd: "\u009b31m" };
  reporterInto(lines).result({ command: "output", ok: true, data, text: "t", exit: 0 });
  expect(lines).toEqual([
    '{"time":"2026-11-23T00:00:00.000Z","type":"result","command":"output","ok":true,"token":"***","odd":"\\u009b31m"}\n',
  ]);
});

it("ends with an error as data", () => {
  const lines: string[] = [];
  reporterInto(lines).error(sampleError);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    time: "2026-11-23T00:00:00.000Z",
    type: "result",
    ok: false,
    error: {
      code: "engine.failed",
      message: "the engine's apply failed",
      hint: "mend it",
      exit: 1,
      problems: sampleError.problems.map((problem) =>
        problem.where ? { ...problem, file: "dev.env", line: 3 } : problem,
      ),
    },
  });
});
