import { describe, expect, test } from "vitest";
import { sortOrphans } from "./sortOrphans.ts";

const orphan = (address: string, id: string) => ({ address, id, title: `${address} ${id}` });
const vm = "acme_server.vm";

describe("what a search found is", () => {
  test("adopted where it is configured and the state does not know it", () => {
    expect(sortOrphans([orphan(vm, "1")], [], [vm])).toEqual({
      adopt: [{ orphan: orphan(vm, "1"), forget: false }],
      twice: [],
      unasked: [],
    });
  });

  test("nothing to do where the state knows it", () => {
    const nothing = { adopt: [], twice: [], unasked: [] };
    expect(sortOrphans([orphan(vm, "1")], [{ address: vm, id: "1" }], [])).toEqual(nothing);
    expect(sortOrphans([orphan(vm, "1"), orphan(vm, "1")], [{ address: vm, id: "1" }], [])).toEqual(nothing);
  });

  test("left alone where it is not configured", () => {
    expect(sortOrphans([orphan(vm, "1")], [], [])).toMatchObject({ adopt: [], unasked: [orphan(vm, "1")] });
  });

  test("the successor of what the state knows and is gone", () => {
    expect(sortOrphans([orphan(vm, "2")], [{ address: vm, id: "1" }], [vm])).toMatchObject({
      adopt: [{ orphan: orphan(vm, "2"), forget: true }],
    });
  });

  test("never one of two, unless the state says which", () => {
    const two = [orphan(vm, "1"), orphan(vm, "2")];
    expect(sortOrphans(two, [], [vm])).toEqual({
      adopt: [],
      twice: two.map((one) => ({ orphan: one, kept: undefined })),
      unasked: [],
    });
    expect(sortOrphans(two, [{ address: vm, id: "1" }], [])).toEqual({
      adopt: [],
      twice: [{ orphan: orphan(vm, "2"), kept: "1" }],
      unasked: [],
    });
  });

  test("the same thing where a provider names it in two ways", () => {
    expect(sortOrphans([orphan(vm, "zone/1")], [{ address: vm, id: "1" }], [])).toEqual({
      adopt: [],
      twice: [],
      unasked: [],
    });
  });
});
