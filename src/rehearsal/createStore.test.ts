import { describe, expect, it } from "vitest";
import { createStore } from "./createStore.ts";
import { pageOf } from "./pageOf.ts";

describe("createStore", () => {
  it("keeps things in order and finds them by text and number", () => {
    const items = createStore(undefined).collection<{ id: number; name: string }>("servers");
    items.put({ id: 2, name: "b" });
    items.put({ id: 1, name: "a" });
    items.put({ id: 2, name: "c" });
    expect(items.all().map(({ name }) => name)).toEqual(["c", "a"]);
    expect(items.get("2")?.name).toBe("c");
    expect([items.remove(2), items.remove(2)]).toEqual([true, false]);
    expect(items.find(({ name }) => name === "a")?.id).toBe(1);
  });
  it("comes back as it was saved, and never gives a number twice", () => {
    const store = createStore(undefined);
    const id = store.number();
    store.collection<{ id: number }>("servers").put({ id });
    const again = createStore(store.save());
    expect(again.collection("servers").all()).toEqual([{ id }]);
    expect(again.number()).toBe(id + 1);
  });
});

describe("pageOf", () => {
  const items = [1, 2, 3, 4, 5];
  it("knows its neighbours", () => {
    expect(pageOf(items, 2, 2)).toEqual({
      items: [3, 4],
      page: 2,
      perPage: 2,
      previous: 1,
      next: 3,
      last: 3,
      total: 5,
    });
    expect(pageOf(items, 1, 10)).toEqual({ items, page: 1, perPage: 10, last: 1, total: 5 });
  });
  it("is empty beyond the end", () => {
    expect(pageOf(items, 9, 2).items).toEqual([]);
    expect(pageOf([], 1, 2)).toMatchObject({ items: [], last: 1, total: 0 });
  });
});
