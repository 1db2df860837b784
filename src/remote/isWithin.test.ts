import { expect, it } from "vitest";
import { isWithin } from "./isWithin.ts";

it.each([
  ["203.0.113.7", "203.0.113.0/24", true],
  ["203.0.114.7", "203.0.113.0/24", false],
  ["203.0.113.7", "203.0.113.7/32", true],
  ["203.0.113.6", "203.0.113.7/32", false],
  ["203.0.113.7", "0.0.0.0/0", true],
  ["203.0.113.7", "::/0", false],
  ["2001:db8::7", "::/0", true],
  ["2001:db8::7", "0.0.0.0/0", false],
  ["2001:db8::7", "2001:db8::/32", true],
  ["2001:db9::7", "2001:db8::/32", false],
  ["fe80::1%eth0", "fe80::/10", true],
  ["::ffff:192.0.2.1", "::ffff:c000:200/120", true],
  ["2001:DB8:0:0:0:0:0:7", "2001:db8::7/128", true],
] as const)("%s in %s: %s", (address, range, expected) => {
  expect(isWithin(address, range)).toBe(expected);
});
