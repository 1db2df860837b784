import { describe, expect, test } from "vitest";
import type { PlanSummary } from "../events/Event.ts";
import type { OpenStack } from "./openStack.ts";
import { searchBeforeMaking } from "./recoverFirst.ts";
import type { ReadyStack } from "./readyStack.ts";
import type { RunContext } from "./withRun.ts";

const held = { module: "module.provider", mode: "managed", type: "cloud_server", name: "vm" };
const making = {
  changes: [{ address: "module.provider.cloud_server.vm", action: "create", impact: "create", attributes: [] }],
} as unknown as PlanSummary;

/** A stack whose state knows server 17, which a search finds. */
function search(status?: "tainted", machine = "cloud_server.vm"): Promise<boolean> {
  const instance = { attributes: { id: "17" }, ...(status === undefined ? {} : { status }) };
  const state = { lineage: "one", serial: 1, outputs: {}, resources: [{ ...held, instances: [instance] }] };
  const found = [{ address: "cloud_server.vm", id: "17", title: "server 17" }];
  const open = {
    stack: { name: "production/cloud" },
    provider: { name: "cloud", manifest: { resources: { machine: [machine], disk: [], data: [], address: [] } } },
    state,
    engine: { statePull: async () => JSON.stringify(state) },
  } as unknown as OpenStack;
  const ready = { behaviour: { findOrphans: async () => found } } as unknown as ReadyStack;
  return searchBeforeMaking(making, open, ready, {} as RunContext);
}

describe("before a plan makes something", () => {
  test("what it denies and a search finds is not made a second time", async () => {
    await expect(search()).rejects.toMatchObject({
      code: "plan.contradicted",
      problems: [{ message: "server 17 (17) exists, and the plan would make it again" }],
    });
  });

  test("what it denies and bears no weight is made: a search may know its name from the machine alone", async () => {
    expect(await search(undefined, "cloud_machine.other")).toBe(false);
  });

  test("what was only half made is made again", async () => {
    expect(await search("tainted")).toBe(false);
  });
});
