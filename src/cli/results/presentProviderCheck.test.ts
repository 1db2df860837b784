import { expect, test } from "vitest";
import type { CheckReport } from "../../operations/check/checkProvider.ts";
import { presentProviderCheck } from "./presentProviderCheck.ts";

const counts = { passed: 1, failed: 0, warning: 0, untested: 1 };
const base = { level: "static", mandatory: true, rule: "something is so", findings: [] } as const;
const report: CheckReport = {
  ...{ provider: "acme", folder: "/acme", contract: 1, level: "plan", tried: true, ok: true, counts },
  verdicts: [
    { ...base, id: "a.kept", verdict: "passed" },
    { ...base, id: "a.untested", level: "plan", verdict: "untested", reason: "there is no plugin" },
  ],
};
const presented = (change: Partial<CheckReport>, verbose = false) =>
  presentProviderCheck({ ...report, ...change }, { verbose });

test("rules that are kept are counted, and shown with --verbose", () => {
  expect(presented({}).text).not.toContain("a.kept");
  expect(presented({}).text).toContain("1 rules are kept: --verbose shows them, too");
  expect(presented({}, true).text).toMatch(/^a\.kept +ok +something is so$/m);
});

test("a level of which nothing could be tried is not said to be kept", () => {
  const { text, exit } = presented({ tried: false });
  expect(exit).toBe(4);
  expect(text).toContain("nothing of level plan could be tried");
  expect(text).not.toContain("keeps contract");
  expect(presented({}).exit).toBe(0);
  expect(presented({ tried: false, ok: false }).exit).toBe(1);
});
