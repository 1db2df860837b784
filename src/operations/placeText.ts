import { isDeepStrictEqual } from "node:util";
import type { StateRecord } from "../stacks/stateRecord.ts";

/** A place of states in a sentence: `pg (postgres://db.example/state, schema_name=production)`. `local` is this clone. */
export function placeText({ backend, arguments: settings, address }: StateRecord, clone: string): string {
  if (backend === "local") return `local (${clone})`;
  const known = ["bucket", "container_name", "key", "path", "prefix", "schema_name", "secret_suffix", "address"];
  const details = [
    ...Object.values(address),
    ...known.filter((name) => name in settings).map((name) => `${name}=${String(settings[name])}`),
  ];
  return details.length === 0 ? backend : `${backend} (${details.join(", ")})`;
}

/** Whether two records name the same place; how it is reached may differ. */
export function samePlace(a: StateRecord, b: StateRecord): boolean {
  return (
    a.backend === b.backend && isDeepStrictEqual(a.address, b.address) && isDeepStrictEqual(telling(a), telling(b))
  );
}

/** Arguments that lead elsewhere when they change. */
const places = [
  "bucket",
  "container_name",
  "storage_account_name",
  "key",
  "path",
  "prefix",
  "schema_name",
  "table_name",
  "secret_suffix",
  "namespace",
  "address",
  "host",
  "region",
  "endpoint",
  "endpoints",
];

function telling({ arguments: settings }: StateRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => places.includes(name)));
}
