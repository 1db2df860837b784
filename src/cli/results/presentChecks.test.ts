import { expect, test } from "vitest";
import type { Check } from "../../operations/diagnose.ts";
import { presentChecks } from "./presentChecks.ts";

const token: Check = { title: "token", state: "missing", optional: false, fix: "set it" };
const viewer: Check = { title: "viewer", state: "missing", optional: true, bySetup: true };
const plugin: Check = { title: "plugin", state: "missing", optional: false, bySetup: true };

test.each([
  ["doctor", [plugin, token], "landfall setup acme"],
  ["doctor", [token, viewer], "what is said above, then landfall doctor acme"],
  ["setup", [plugin, token], "what is said above, then landfall doctor acme"],
] as const)("%s names as the next step what helps", (command, checks, next) => {
  const { text, exit } = presentChecks(command, { provider: "acme", checks, ok: false });
  expect(text.split("\n").at(-1)).toBe(`Something is missing. next: ${next}`);
  expect(exit).toBe(4);
});

test("nothing comes next where all is there", () => {
  const { text } = presentChecks("setup", { checks: [viewer], ok: true });
  expect(text).toBe("[skip] viewer\nEverything that is needed is there.");
});
