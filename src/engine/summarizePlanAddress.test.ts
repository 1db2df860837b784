import { describe, expect, test } from "vitest";
import { summarizePlan } from "./summarizePlan.ts";
import { change, plan } from "./testing/planJson.ts";

const cloud = {
  machine: ["acme_server.vm"],
  disk: [],
  data: [],
  address: ["acme_address.main"],
  restart: ["acme_server.vm.size"],
};

describe("what happens to the reserved address", () => {
  const server = change("acme_server.vm", "keep");
  const address = "acme_address.main[0]";
  test.each([
    ["is given up", plan(server, change(address, "remove")), "destroy", "lose-address"],
    ["is another one afterwards", plan(server, change(address, "replace")), "replace", "lose-address"],
    [
      "goes with everything else",
      plan(change("acme_server.vm", "remove"), change(address, "remove")),
      "destroy",
      "destroy",
    ],
    ["is new", plan(server, change(address, "create")), "create", "create"],
    ["gets another label", plan(server, change(address, "update")), "keep", "harmless"],
    ["is none", plan(server), "none", "none"],
    [
      "is a leftover",
      plan(server, change(address, "keep"), change(address, "remove", { deposed: "a1" })),
      "keep",
      "harmless",
    ],
  ])("where it %s", (_what, json, lost, impact) => {
    expect(summarizePlan(json, cloud)).toMatchObject({ address: lost, impact });
  });

  test("where it is lost while the machine restarts, both are said", () => {
    const resized = change("acme_server.vm", "update", { detail: { before: { size: "s" }, after: { size: "l" } } });
    const summary = summarizePlan(plan(resized, change(address, "remove")), cloud);
    expect(summary).toMatchObject({ machine: "restart", address: "destroy", impact: "lose-address" });
  });
});
