import { expect, test } from "vitest";
import { bearsOtherLabels } from "./bearsOtherLabels.ts";

const own = { project: "tracker", environment: "production", stack: "production_acme" };

test.each([
  [{ labels: own }, false],
  [{ labels: { stack: "production-acme" } }, false],
  [{ labels: { ...own, stack: "staging_acme" } }, true],
  [{ tags: { ...own, project: "other" } }, true],
  [{ tags: ["project:tracker", "stack:production_acme"] }, false],
  [{ tags: ["project:tracker", "stack:staging_acme"] }, true],
  [{ id: "1", name: "without labels", labels: null }, false],
])("%j", (attributes, expected) => {
  expect(bearsOtherLabels(attributes, own)).toBe(expected);
});
