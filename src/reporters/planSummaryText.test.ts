import { expect, it } from "vitest";
import type { PlanSummary } from "../events/Event.ts";
import { planSummaryText } from "./planSummaryText.ts";
import { replacement } from "./testing/sampleRun.ts";

const [change] = replacement.changes;
const changes = change === undefined ? [] : [change];

it.each<[PlanSummary["machine"], PlanSummary["data"], string[]]>([
  ["create", "create", ["Machine: a new one is made.", "Data:    a new, empty data disk is made."]],
  ["create", "none", ["Machine: a new one is made."]],
  ["keep", "keep", ["Machine: it stays and goes on running.", "Data:    kept."]],
  ["restart", "keep", ["Machine: IT RESTARTS. It cannot be reached for a moment.", "Data:    kept."]],
  [
    "replace",
    "destroy",
    [
      "Machine: IT IS REPLACED. The present one is deleted with everything on its own disk; a new one is made.",
      "Data:    IT IS LOST with the machine.",
    ],
  ],
  [
    "destroy",
    "destroy",
    ["Machine: IT IS DESTROYED with everything on its own disk.", "Data:    IT IS LOST with the machine."],
  ],
])("says what happens to a machine (%s) and its data (%s)", (machine, data, lines) => {
  const text = planSummaryText({ ...replacement, changes, machine, data });
  expect(text.split("\n\n")[0]?.split("\n")).toEqual(lines);
});

it("names a data disk that is deleted while the machine stays", () => {
  const text = planSummaryText({
    ...replacement,
    changes: [{ address: "acme_volume.data", action: "replace", impact: "destroy-data", attributes: ["size"] }],
    counts: { create: 0, update: 0, replace: 1, delete: 0 },
    machine: "keep",
    data: "destroy",
  });
  expect(text).toBe(`Machine: it stays and goes on running.
Data:    IT IS LOST; a disk that holds data is deleted.

  -/+ replace acme_volume.data (deletes data: size)

1 to replace.`);
});

it("says so where nothing changes", () => {
  expect(planSummaryText({ ...replacement, changes: [], impact: "none" })).toBe("Nothing will change.");
});

it("says that a reserved address is lost while the machine stays", () => {
  const text = planSummaryText({
    changes: [{ address: "acme_address.main", action: "delete", impact: "lose-address", attributes: [] }],
    counts: { create: 0, update: 0, replace: 0, delete: 1 },
    impact: "lose-address",
    machine: "keep",
    data: "keep",
    address: "destroy",
  });
  expect(text).toBe(`Machine: it stays and goes on running.
Data:    kept.
Address: IT IS LOST. Whoever uses it is cut off.

    - delete acme_address.main (loses the address)

1 to delete.`);
});

it.each<[PlanSummary["address"], string | undefined]>([
  ["none", undefined],
  ["create", "Address: a new one is reserved."],
  ["keep", "Address: kept."],
  ["replace", "Address: IT IS LOST; a new one is reserved. Whoever uses the present one is cut off."],
])("says what happens to a reserved address: %s", (address, line) => {
  const [, , said] =
    planSummaryText({ ...replacement, address })
      .split("\n\n")[0]
      ?.split("\n") ?? [];
  expect(said).toBe(line);
});

it.each([
  ["create", "+"],
  ["update", "~"],
  ["delete", "-"],
  ["replace", "-/+"],
] as const)("marks what is done to a resource: %s", (action, sign) => {
  const harmless = { address: "acme_key.admin", action, impact: "harmless", attributes: [] } as const;
  expect(planSummaryText({ ...replacement, changes: [harmless] })).toContain(
    `  ${sign.padStart(3)} ${action} acme_key`,
  );
});
