import { expect, test } from "vitest";
import { resourcesOf, type StateContent } from "./StateContent.ts";

const vm = { type: "acme_server", name: "vm" };
const attributes = { id: "7" };

test("what is in modules below counts, by its address inside the module, keys kept", () => {
  const state: StateContent = {
    serial: 1,
    lineage: "l",
    outputs: {},
    resources: [
      { module: "module.provider", ...vm, instances: [{ attributes }] },
      { module: "module.provider.module.server", ...vm, instances: [{ attributes }, { deposed: "a", attributes }] },
      { module: 'module.provider.module.net["a"].module.rules[0]', ...vm, instances: [{ index_key: 1, attributes }] },
      { module: "module.provider.module.server", mode: "data", ...vm, instances: [{ attributes }] },
      { module: "module.providers", ...vm, instances: [{ attributes }] },
      { ...vm, instances: [{ attributes }] },
    ],
  };
  expect(resourcesOf(state, "module.provider").map(({ address, id }) => `${address} ${id}`)).toEqual([
    "acme_server.vm 7",
    "module.server.acme_server.vm 7",
    'module.net["a"].module.rules[0].acme_server.vm[1] 7',
  ]);
});
