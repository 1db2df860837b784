import { expect, test } from "vitest";
import type { Diagnostic } from "../events/Event.ts";
import { withPlaces } from "./withPlaces.ts";

const said: Diagnostic = { type: "diagnostic", severity: "error", summary: "Bad", detail: "" };
const placed = (more: Partial<Diagnostic>) => withPlaces({ ...said, ...more }, "/clone/infrastructure/stacks/qa/acme");

test.each([
  ["../../../terraform/providers/acme/main.tf:17", "/clone/infrastructure/terraform/providers/acme/main.tf:17"],
  ["providers/acme/main.tf:3", "/clone/infrastructure/stacks/qa/acme/providers/acme/main.tf:3"],
  ["/elsewhere/main.tf:3", "/elsewhere/main.tf:3"],
  ["<value for var.settings>:1", "<value for var.settings>:1"],
])("a place: %s", (where, whole) => {
  expect(placed({ where })).toEqual({ ...said, where: whole });
});

test("places within an explanation, and nothing else there", () => {
  const detail =
    "declared at ../../../terraform/providers/acme/variables.tf:17,1-20: a number is required. 10/../.. ...";
  expect(placed({ detail }).detail).toBe(
    "declared at /clone/infrastructure/terraform/providers/acme/variables.tf:17,1-20: a number is required. 10/../.. ...",
  );
  expect(placed({ detail })).not.toHaveProperty("where");
});

test("other facts stay as they are", () => {
  const event = { type: "child.output", source: "engine", line: "../x" } as const;
  expect(withPlaces(event, "/a")).toBe(event);
});
