import { describe, expect, test } from "vitest";
import type { ResourceRoles } from "../providers/Manifest.ts";
import type { PlanJson } from "./engineJson.ts";
import { summarizePlan } from "./summarizePlan.ts";
import { change, plan } from "./testing/planJson.ts";

const nothing: ResourceRoles = { machine: [], disk: [], data: [], address: [], restart: [] };
const cloud: ResourceRoles = {
  ...nothing,
  machine: ["acme_server.vm"],
  data: ["acme_volume.data"],
  address: ["acme_address.main"],
  restart: ["acme_server.vm.size"],
};
const local: ResourceRoles = { ...cloud, disk: ["acme_disk.root"] };

describe("what happens to machine and data", () => {
  const cases: [string, ResourceRoles, PlanJson, [string, string, string]][] = [
    ["nothing in it", cloud, {}, ["none", "none", "none"]],
    ["nothing changes", cloud, plan(change("acme_server.vm", "keep")), ["none", "keep", "keep"]],
    [
      "everything is new",
      cloud,
      plan(change("acme_server.vm", "create"), change("acme_volume.data", "create")),
      ["create", "create", "create"],
    ],
    ["new without a data disk", cloud, plan(change("acme_server.vm", "create")), ["create", "create", "none"]],
    [
      "replaced, its data on a disk that stays",
      cloud,
      plan(change("acme_server.vm[0]", "replace"), change("acme_volume.data[0]", "keep")),
      ["replace-machine", "replace", "keep"],
    ],
    [
      "replaced, its data inside",
      cloud,
      plan(change("acme_server.vm", "replace")),
      ["replace-machine", "replace", "destroy"],
    ],
    [
      "replaced although its disk is new only now",
      cloud,
      plan(change("acme_server.vm", "replace"), change("acme_volume.data", "create")),
      ["replace-machine", "replace", "destroy"],
    ],
    [
      "replaced around disks that stay: a restart",
      local,
      plan(change("acme_server.vm", "replace"), change("acme_disk.root", "keep"), change("acme_volume.data", "keep")),
      ["restart", "restart", "keep"],
    ],
    [
      "replaced around its only disk: a restart",
      local,
      plan(change("acme_server.vm", "replace"), change("acme_disk.root", "update")),
      ["restart", "restart", "keep"],
    ],
    [
      "root disk replaced",
      local,
      plan(
        change("acme_server.vm", "replace"),
        change("acme_disk.root", "replace"),
        change("acme_volume.data", "keep"),
      ),
      ["replace-machine", "replace", "keep"],
    ],
    [
      "root disk replaced below a machine that stays",
      local,
      plan(change("acme_server.vm", "keep"), change("acme_disk.root", "replace")),
      ["replace-machine", "replace", "destroy"],
    ],
    [
      "data disk removed",
      local,
      plan(change("acme_server.vm", "update"), change("acme_disk.root", "keep"), change("acme_volume.data", "remove")),
      ["destroy-data", "keep", "destroy"],
    ],
    [
      "data disk replaced together with the machine",
      cloud,
      plan(change("acme_server.vm", "replace"), change("acme_volume.data", "replace")),
      ["destroy-data", "replace", "destroy"],
    ],
    [
      "a leftover data disk",
      cloud,
      plan(change("acme_server.vm", "keep"), change("acme_volume.data", "remove", { deposed: "a1" })),
      ["destroy-data", "keep", "destroy"],
    ],
    [
      "a leftover machine",
      cloud,
      plan(change("acme_server.vm", "keep"), change("acme_server.vm", "remove", { deposed: "a1" })),
      ["harmless", "keep", "keep"],
    ],
    [
      "a harmless change in place",
      cloud,
      plan(change("acme_server.vm", "update", { detail: { before: { tag: "a" }, after: { tag: "b" } } })),
      ["harmless", "keep", "keep"],
    ],
    [
      "a change in place that restarts",
      cloud,
      plan(change("acme_server.vm[0]", "update", { detail: { before: { size: "s" }, after: { size: "l" } } })),
      ["restart", "restart", "keep"],
    ],
    [
      "a change in place that may restart",
      cloud,
      plan(
        change("acme_server.vm", "update", {
          detail: { before: { size: "s", tag: 1 }, after: { tag: 2 }, after_unknown: { size: true } },
        }),
      ),
      ["restart", "restart", "keep"],
    ],
    [
      "another address for the same machine",
      cloud,
      plan(change("acme_server.vm", "keep"), change("acme_address.main", "remove")),
      ["lose-address", "keep", "keep"],
    ],
    [
      "a key that has no role",
      cloud,
      plan(change("acme_server.vm", "keep"), change("acme_key.admin", "replace")),
      ["harmless", "keep", "keep"],
    ],
    [
      "machine gone, the rest stays",
      local,
      plan(change("acme_server.vm", "remove"), change("acme_disk.root", "keep")),
      ["replace-machine", "destroy", "destroy"],
    ],
    [
      "machine made again on its old disk",
      local,
      plan(change("acme_server.vm", "create"), change("acme_disk.root", "keep"), change("acme_volume.data", "keep")),
      ["create", "create", "keep"],
    ],
    [
      "everything goes",
      local,
      plan(
        change("acme_server.vm", "remove"),
        change("acme_volume.data", "remove"),
        change("acme_key.admin", "remove"),
      ),
      ["destroy", "destroy", "destroy"],
    ],
    [
      "forgotten without being removed",
      cloud,
      plan({ ...change("acme_server.vm", "remove"), change: { actions: ["forget"] } }),
      ["destroy", "destroy", "destroy"],
    ],
    [
      "no roles, something replaced",
      nothing,
      plan(change("acme_thing.a", "replace"), change("acme_thing.b", "keep")),
      ["replace-machine", "replace", "destroy"],
    ],
    [
      "no roles, a change in place",
      nothing,
      plan(change("acme_thing.a", "update"), change("acme_thing.b", "create")),
      ["harmless", "keep", "keep"],
    ],
    ["no roles, all new", nothing, plan(change("acme_thing.a", "create")), ["create", "create", "none"]],
    [
      "only data sources are read",
      cloud,
      plan({ ...change("data.acme_image.base", "create"), mode: "data", change: { actions: ["read"] } }),
      ["none", "none", "none"],
    ],
  ];

  test.each(cases)("%s", (_, roles, json, [impact, machine, data]) => {
    const summary = summarizePlan(json, roles);
    expect({ impact: summary.impact, machine: summary.machine, data: summary.data }).toEqual({ impact, machine, data });
  });
});

test("a role does not leak to a resource whose name only begins alike", () => {
  const summary = summarizePlan(plan(change("acme_server.vm2", "replace"), change("acme_server.vm", "keep")), cloud);
  expect(summary.impact).toBe("harmless");
});

test("indices with dots and quotes are no part of the address", () => {
  const summary = summarizePlan(plan(change('acme_server.vm["a].b\\"c"]', "replace"), change("x.y", "keep")), cloud);
  expect(summary.impact).toBe("replace-machine");
});

test("counts, and names what forces a replacement or changes, without values", () => {
  const summary = summarizePlan(
    plan(
      change("acme_server.vm", "replace", { detail: { replace_paths: [["network", 0, "address"], ["image"]] } }),
      change("acme_key.a", "update", {
        detail: { before: { a: { b: 1, c: 2 }, secret: "old" }, after: { a: { b: 3, c: 2 }, secret: "new" } },
      }),
      change("acme_key.b", "create"),
      change("acme_key.c", "remove"),
      change("acme_key.d", "keep"),
    ),
    cloud,
  );
  expect(summary.counts).toEqual({ create: 1, update: 1, replace: 1, delete: 1 });
  expect(summary.changes.map(({ address, attributes }) => [address, attributes])).toEqual([
    ["module.provider.acme_server.vm", ["image", "network.0.address"]],
    ["module.provider.acme_key.a", ["a.b", "secret"]],
    ["module.provider.acme_key.b", []],
    ["module.provider.acme_key.c", []],
  ]);
  expect(JSON.stringify(summary)).not.toMatch(/old|new/);
});

test.each([
  ["made known", plan(change("acme_server.vm", "create")), "create"],
  ["described anew", plan(change("acme_server.vm", "replace")), "harmless"],
  ["forgotten", plan(change("acme_server.vm", "remove")), "destroy"],
])("a host that was there before stays when it is %s", (_what, json, impact) => {
  const summary = summarizePlan(json, { ...cloud, machine: [] }, { creates: false });
  expect(summary).toMatchObject({ machine: "keep", data: "keep", impact });
});

describe("what the state knows, and is to be made again, was lost", () => {
  const lost = plan(
    change("acme_server.vm", "create"),
    change("acme_volume.data", "create"),
    change("acme_address.main", "create"),
  );
  const inModule = (names: readonly string[]): string[] => names.map((name) => `module.provider.${name}`);
  test.each([
    [[], "create"],
    [["acme_address.main"], "lose-address"],
    [["acme_address.main", "acme_server.vm"], "replace-machine"],
    [["acme_server.vm", "acme_volume.data"], "destroy-data"],
  ])("%j: %s", (held, impact) => {
    expect(summarizePlan(lost, cloud, { held: inModule(held) }).impact).toBe(impact);
    expect(summarizePlan(lost, cloud, { held: inModule(held), unfinished: true }).impact).toBe(impact);
  });
});
