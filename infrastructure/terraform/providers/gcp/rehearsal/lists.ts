import type { ApiRequest } from "landfall/rehearsal";
import { compareTexts } from "./compareTexts.ts";
import { parseFilter } from "./filter.ts";
import { linkTo } from "./links.ts";
import { invalid } from "./replies.ts";

/** More at once nobody gets. */
const most = 500;

/**
 * One page of a list with `filter`, `orderBy`, `maxResults` and `pageToken`.
 * @param kind such as `compute#instance`
 */
export function listed(kind: string, items: readonly object[], { query, path }: ApiRequest): object {
  const filter = query.get("filter") ?? "";
  const kept = ordered(filter === "" ? items : items.filter(parseFilter(filter)), query.get("orderBy") ?? "");
  const size = pageSize(query.get("maxResults"));
  const start = offsetOf(query.get("pageToken"));
  const page = kept.slice(start, start + size);
  const last = start + size >= kept.length;
  const below = path.replace(/^\/compute\/v1\//, "");
  return {
    kind: `${kind}List`,
    id: below,
    ...(page.length === 0 ? {} : { items: page }),
    ...(last ? {} : { nextPageToken: btoa(`offset:${start + size}`) }),
    selfLink: linkTo(below),
  };
}

function ordered(items: readonly object[], order: string): readonly object[] {
  const keyOf = (item: object, ...keys: readonly string[]): string => {
    const fields = item as Record<string, unknown>;
    return String(keys.map((key) => fields[key]).find((value) => value !== undefined) ?? "");
  };
  // Operations have no other time.
  const timeOf = (item: object): string => keyOf(item, "creationTimestamp", "insertTime");
  switch (order) {
    case "":
    case "name":
      return items.toSorted((one, other) => compareTexts(keyOf(one, "name"), keyOf(other, "name")));
    case "creationTimestamp desc":
      return items.toReversed().toSorted((one, other) => compareTexts(timeOf(other), timeOf(one)));
    default:
      return invalid("orderBy", order, "Currently, only sorting by 'name' or 'creationTimestamp desc' is supported.");
  }
}

function pageSize(text: string | null): number {
  if (text === null) return most;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 0 && size <= most) return size === 0 ? most : size;
  return invalid("maxResults", text, `Values must be within the range: [0, ${most}]`);
}

function offsetOf(token: string | null): number {
  if (token === null || token === "") return 0;
  try {
    const offset = /^offset:(\d+)$/.exec(atob(token))?.[1];
    if (offset !== undefined) return Number(offset);
  } catch {
    // Not even the form is right.
  }
  return invalid("pageToken", token, "Invalid page token.");
}
