import { expect, test } from "vitest";
import { argv } from "./argv.ts";

test("streamed calls are machine-readable, ask nothing and wait for a shared lock", () => {
  for (const args of [argv.plan({ out: "/s/plan" }), argv.apply("/s/plan"), argv.import("a.b", "id-1")]) {
    expect(args).toEqual(expect.arrayContaining(["-json", "-input=false", "-no-color", "-lock-timeout=20s"]));
  }
});

test("plan: kinds of plan", () => {
  const plain = argv.plan({ out: "/s/plan" });
  expect(plain[0]).toBe("plan");
  expect(plain).toContain("-detailed-exitcode");
  expect(plain.at(-1)).toBe("-out=/s/plan");
  expect(plain.join(" ")).not.toMatch(/-destroy|-refresh/);
  expect(argv.plan({ out: "/s/plan", destroy: true })).toContain("-destroy");
  expect(argv.plan({ out: "/s/plan", refreshOnly: true })).toContain("-refresh-only");
  expect(argv.plan({ out: "/s/plan", refresh: false })).toContain("-refresh=false");
  expect(argv.plan({ out: "/s/plan", refresh: true })).not.toContain("-refresh=false");
});

test("apply takes a saved plan and nothing that would approve another one", () => {
  expect(argv.apply("/s/plan").at(-1)).toBe("/s/plan");
  expect(argv.apply("/s/plan")).not.toContain("-auto-approve");
});

test("init leaves an existing lock alone", () => {
  expect(argv.init({ locked: true })).toContain("-lockfile=readonly");
  expect(argv.init({ locked: false })).not.toContain("-lockfile=readonly");
});
