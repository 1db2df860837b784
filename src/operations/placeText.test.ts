import { expect, test } from "vitest";
import type { StateRecord } from "../stacks/stateRecord.ts";
import { placeText, samePlace } from "./placeText.ts";

const pg: StateRecord = {
  backend: "pg",
  arguments: { schema_name: "qa", skip_index_creation: "true" },
  address: { conn_str: "postgres://db.example/state" },
};

test("a place in a sentence", () => {
  expect(placeText(pg, "desk:/clone")).toBe("pg (postgres://db.example/state, schema_name=qa)");
  expect(placeText({ backend: "local", arguments: {}, address: {} }, "desk:/clone")).toBe("local (desk:/clone)");
  expect(placeText({ backend: "later", arguments: { some: "thing" }, address: {} }, "")).toBe("later");
});

test("how a place is reached may change, where it is may not", () => {
  expect(samePlace(pg, { ...pg, arguments: { schema_name: "qa" }, lineage: "l" } as StateRecord)).toBe(true);
  expect(samePlace(pg, { ...pg, arguments: { schema_name: "production" } })).toBe(false);
  expect(samePlace(pg, { ...pg, address: { conn_str: "postgres://other/state" } })).toBe(false);
  expect(samePlace(pg, { ...pg, backend: "local" })).toBe(false);
});
