import { inspect } from "node:util";
import { expect, test } from "vitest";
import { canary } from "../../test/support/canary.ts";
import { Secret } from "./Secret.ts";

const value = canary("what a secret holds");
const secret = new Secret(value);

test("as text it is ***", () => {
  expect([`${secret as unknown as string}`, String(secret), ["a", secret].join("=")]).toEqual(["***", "***", "a=***"]);
});

test("as JSON it is ***, deep inside too", () => {
  expect(JSON.stringify({ list: [secret] })).toBe('{"list":["***"]}');
});

test("on the console it is ***, with everything that is hidden shown", () => {
  expect(inspect({ deep: { secret } }, { showHidden: true, depth: null })).toBe("{ deep: { secret: *** } }");
});

test("it has no key of its own, and gives itself away only where it is asked", () => {
  expect(Object.getOwnPropertyNames(secret)).toEqual([]);
  expect(secret.reveal()).toBe(value);
});
