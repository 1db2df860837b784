import { expect, test } from "vitest";
import { keptByEngine } from "./keptByEngine.ts";

// test/fuzz/rendering.test.ts proves with the engine that this is so.

test.each([
  "",
  "plain",
  "größe",
  "Tiếng Việt",
  "हिन्दी",
  "ไทยที่",
  "한국어",
  "עִבְרִית",
  "👩‍👩‍👧 🏷️ ☎️",
  "x\u0600",
  "\u0301",
  "𝄞",
])("%s stays", (text) => {
  expect(keptByEngine(text.normalize("NFC"))).toBe(true);
});

test.each(["e\u0301", "\u212b", "\u1100\u1161", "\u{41f60}\u0301", "\u1099\u{110ba}", "x".concat("\u0301".repeat(31))])(
  "%j does not",
  (text) => {
    expect(keptByEngine(text)).toBe(false);
  },
);
