import { expect, test } from "vitest";
import { addressVersion } from "./addressVersion.ts";

test.each([
  ["10.0.0.1", 4],
  ["10.0.0.0/8", 4],
  ["10.0.0.0/33", 0],
  ["::1", 6],
  ["2001:db8::/128", 6],
  ["2001:db8::/129", 0],
  ["999.1.1.1/8", 0],
  ["10.0.0.0/", 0],
  ["10.0.0.0/8/8", 0],
  ["", 0],
])("%s: %i", (text, version) => expect(addressVersion(text)).toBe(version));
