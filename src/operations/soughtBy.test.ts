import { expect, test } from "vitest";
import type { OpenStack } from "./openStack.ts";
import { soughtBy } from "./soughtBy.ts";

function soughtWith(places: Record<string, boolean | undefined>): string[] {
  const settings = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, { place }]));
  const values = Object.fromEntries(Object.keys(places).map((name) => [name, "x"]));
  const open = {
    stack: { name: "qa/cloud" },
    provider: { manifest: { settings, catalog: { type: "size", region: "region" } } },
    providerContext: { settings: values, inputs: { vm_name: "qa", labels: { stack: "qa_cloud" } } },
  };
  return Object.keys(soughtBy(open as unknown as OpenStack));
}

test.each([
  [{ region: true, image: undefined, size: undefined }, ["region"]],
  [{ region: false, image: undefined, size: undefined }, []],
  [{ region: undefined, image: undefined, size: undefined }, ["region", "image"]],
])("of %j the search depends on %j", (places, expected) => {
  expect(soughtWith(places)).toEqual(["VM_NAME", ...expected, "label stack"]);
});
