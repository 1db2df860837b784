import { expect, test } from "vitest";
import { movedState, movedTo } from "./movedState.ts";
import { sameState } from "./sameState.ts";
import { parseState } from "./StateContent.ts";

const state = (changes: object = {}): string =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.12.6",
    serial: 7,
    lineage: "l",
    outputs: { provider: { value: { vm_ip: "192.0.2.1" } } },
    resources: [{ type: "terraform_data", name: "identity" }],
    ...changes,
  });

test("what is left says where the state is, and nothing else", () => {
  const left = movedState(state(), "pg (postgres://db)");
  expect(movedTo(parseState(left))).toBe("pg (postgres://db)");
  expect(parseState(left)).toMatchObject({ serial: 8, lineage: "l", resources: [] });
  expect(left).not.toContain("192.0.2.1");
  expect(movedTo(parseState(state()))).toBeUndefined();
});

test("two states are the same but for what counts writings", () => {
  expect(sameState(state(), state({ serial: 99, terraform_version: "1.13.0" }))).toBe(true);
  expect(sameState(state(), state({ lineage: "m" }))).toBe(false);
  expect(sameState(state(), state({ resources: [] }))).toBe(false);
  expect(sameState(state(), state({ outputs: {} }))).toBe(false);
  expect(sameState(state(), movedState(state(), "x"))).toBe(false);
});

test("no state is none", () => {
  for (const text of ["", "{}", "null", "[]", '{"serial":1}']) expect(() => parseState(text)).toThrow(SyntaxError);
});
