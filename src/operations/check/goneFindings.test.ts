import { expect, test } from "vitest";
import { goneFindings } from "./goneFindings.ts";

const inspectMachine = async () => ({ state: "absent" as const });

test.each([
  ["absent", { inspectMachine }, "absent", []],
  ["running", { inspectMachine }, "running", [{ message: "status says running" }]],
  ["no stack at all", { inspectMachine }, undefined, [{ message: "status says undefined" }]],
  ["what nobody can know", {}, "unknown", { untested: "there is no inspectMachine: status asks nobody" }],
])("of a machine that is gone status says %s", async (_what, behaviour, machine, expected) => {
  expect(await goneFindings(behaviour, async () => machine)).toMatchObject(expected);
});
