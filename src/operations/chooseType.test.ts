import { join } from "node:path";
import { expect, test } from "vitest";
import { acme, setting, temporaryWorkspace, type LoadOptions } from "../configuration/testing/temporaryWorkspace.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { makeStack } from "../stacks/makeStack.ts";
import { adoptedType, chooseType, recordedType } from "./chooseType.ts";

const manifest = acme({
  settings: { location: setting({ default: "north" }), size: setting() },
  catalog: { type: "size", region: "location" },
});
const offer = { memory: 4096, disk: 40, architecture: "amd64", regions: ["north"] };

async function world(types: object[] = []) {
  const tree = await temporaryWorkspace({ "environments/development.env": "" });
  const folder = join(tree.workspace.providers, "acme");
  await tree.ports.files.makeDirectory(folder);
  const write = (list: object[]) =>
    tree.ports.files.write(
      join(folder, "catalog.json"),
      JSON.stringify({ date: "2026-01-02", source: "https://acme.example", currency: "EUR", types: list }),
    );
  const usual = [
    { ...offer, name: "four", vcpus: 4, monthly_price: 8 },
    { ...offer, name: "old", vcpus: 4, retired: true, successor: "four" },
  ];
  await write([...usual, ...types]);
  const provider = { name: "acme", folder, manifest, origin: "tree" as const };
  return {
    ...tree,
    write,
    paths: stackPaths(tree.workspace, makeStack("development", "acme")),
    choose: async (options: LoadOptions = {}, recorded?: Parameters<typeof chooseType>[1]) =>
      chooseType({ provider, configuration: await tree.load({ manifest, ...options }) }, recorded, {
        ...tree.ports,
        emit: (event) => void tree.events.push(event),
      }),
  };
}

test("the cheapest that fits; the user's own wins", async () => {
  const { choose, events } = await world([{ ...offer, name: "three", vcpus: 3, monthly_price: 7 }]);
  expect(await choose()).toMatchObject({ type: "three", choice: { monthlyPrice: 7, currency: "EUR" } });
  expect(await choose({ set: { PROVIDER_ACME_SIZE: "four" } })).toMatchObject({ type: "four" });
  expect(events).toEqual([]);
});

test("an unknown type warns, a retired one is refused with its successor, nothing that fits is an error", async () => {
  const { choose, events } = await world();
  expect(await choose({ set: { PROVIDER_ACME_SIZE: "secret-new" } })).toEqual({ type: "secret-new" });
  expect(events).toContainEqual(expect.objectContaining({ code: "catalog.unknownType", level: "warning" }));
  await expect(choose({ set: { PROVIDER_ACME_SIZE: "old" } })).rejects.toMatchObject({
    code: "catalog.retired",
    exit: 3,
    hint: expect.stringContaining("PROVIDER_ACME_SIZE=four") as string,
  });
  await expect(choose({ set: { VM_VCPUS: "64" } })).rejects.toMatchObject({ code: "catalog.noType", exit: 3 });
  await expect(choose({ set: { PROVIDER_ACME_LOCATION: "moon" } })).rejects.toThrow(/knows no region moon/);
});

test("a newer catalog never resizes a machine that exists", async () => {
  const { choose, write } = await world();
  const first = await choose();
  expect(recordedType(undefined)).toBeUndefined();
  const instances = [{ attributes: { input: { value: { type: first?.type, need: first?.need } } } }];
  const state = { lineage: "a", serial: 1, outputs: {} };
  expect(recordedType({ ...state, resources: [] })).toBeUndefined();
  const recorded = recordedType({ ...state, resources: [{ type: "terraform_data", name: "machine_type", instances }] });
  await write([{ ...offer, name: "cheaper", vcpus: 4, monthly_price: 1 }]);
  expect((await choose({}, recorded))?.type).toBe("four");
  expect((await choose({ set: { VM_MEMORY: "2048" } }, recorded))?.type).toBe("cheaper");
  expect((await choose())?.type).toBe("cheaper");
});

test("a machine that is taken over keeps its type, sold or not, named or not", async () => {
  const { choose, load } = await world();
  const provider = { name: "acme", folder: "", manifest, origin: "tree" as const };
  const adopted = adoptedType("old", { provider, configuration: await load({ manifest }) });
  expect((await choose({}, adopted))?.type).toBe("old");
  expect((await choose({ set: { PROVIDER_ACME_SIZE: "old" } }, adopted))?.type).toBe("old");
  expect((await choose({ set: { VM_MEMORY: "2048" } }, adopted))?.type).toBe("four");
});

test.each([
  ["no JSON", "{", /is no JSON/],
  ["another shape", '{"date":"soon"}', /date must be a date/],
])("a catalog that is %s names the file", async (_what, text, message) => {
  const { choose, workspace, ports } = await world();
  await ports.files.write(join(workspace.providers, "acme", "catalog.json"), text);
  const error = await choose().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "provider.catalog", exit: 3 });
  expect(JSON.stringify(error)).toMatch(message);
});
