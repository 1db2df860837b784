import type { Collection } from "./Rehearsal.ts";

/** Everything that a simulation remembers. */
export interface Store {
  collection<T extends { id: string | number }>(name: string): Collection<T>;
  number(): number;
  /** Whether any text in it passes. */
  remembers(test: (text: string) => boolean): boolean;
  /** All of it, as JSON. */
  save(): string;
}

interface Saved {
  next: number;
  collections: Record<string, { id: string | number }[]>;
}

/** Ids that look like those of a cloud, and cannot be mistaken for an index. */
const firstNumber = 4_700_001;

/** @param saved what `save` gave, or undefined for an empty one */
export function createStore(saved: string | undefined): Store {
  const { next: start, collections: kept } =
    saved === undefined ? { next: firstNumber, collections: {} } : (JSON.parse(saved) as Saved);
  let next = start;
  const collections = new Map(Object.entries(kept).map(([name, items]) => [name, keyed(items)]));

  return {
    collection<T extends { id: string | number }>(name: string): Collection<T> {
      const items = collections.get(name) ?? new Map<string, { id: string | number }>();
      collections.set(name, items);
      return collectionOf(items as Map<string, T>);
    },
    number() {
      next += 1;
      return next - 1;
    },
    remembers: (test) =>
      [...collections.values()].some((items) => [...items.values()].some((item) => holds(item, test))),
    save() {
      const entries = [...collections].map(([name, items]) => [name, [...items.values()]]);
      return `${JSON.stringify({ next, collections: Object.fromEntries(entries) }, undefined, 1)}\n`;
    },
  };
}

function holds(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === "string") return test(value);
  return typeof value === "object" && value !== null && Object.values(value).some((part) => holds(part, test));
}

function keyed(items: readonly { id: string | number }[]): Map<string, { id: string | number }> {
  return new Map(items.map((item) => [String(item.id), item]));
}

function collectionOf<T extends { id: string | number }>(items: Map<string, T>): Collection<T> {
  return {
    all: () => [...items.values()],
    get: (id) => items.get(String(id)),
    find: (test) => [...items.values()].find(test),
    put(item) {
      items.set(String(item.id), item);
      return item;
    },
    remove: (id) => items.delete(String(id)),
  };
}
