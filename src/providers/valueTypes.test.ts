import { expect, test } from "vitest";
import { wantedInstead } from "./valueTypes.ts";

/** As OpenTofu 1.12 converts them with tonumber and tobool; of infinity it makes a state that it cannot write. */
test.each([
  [
    "number",
    "0 1 007 +5 -.5 5. 1.0 1e3 1E+2 .5e-3 1p3 1P-3 1234567890123456789",
    ". 0x1F 0b1 1_0 5e 1,5 inf -Inf nan true",
  ],
  ["bool", "true false 1 0", "True FALSE yes no on off 01 1.0"],
])("what the engine takes for a %s", (type, good, bad) => {
  for (const text of good.split(" ")) expect(wantedInstead(text, type), text).toBeUndefined();
  for (const text of ["", " 1", "true ", ...bad.split(" ")]) expect(wantedInstead(text, type), text).toBeDefined();
});

test.each(["string", "any", undefined])("every text is a %s", (type) => {
  expect(wantedInstead("0x1F", type)).toBeUndefined();
});
