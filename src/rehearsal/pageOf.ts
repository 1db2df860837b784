import type { Page } from "./Rehearsal.ts";

/** One page of a list; pages are counted from 1, and a page beyond the last is empty. */
export function pageOf<T>(items: readonly T[], page: number, perPage: number): Page<T> {
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const start = (page - 1) * perPage;
  return {
    items: items.slice(start, start + perPage),
    page,
    perPage,
    ...(page > 1 ? { previous: page - 1 } : {}),
    ...(page < last ? { next: page + 1 } : {}),
    last,
    total: items.length,
  };
}
