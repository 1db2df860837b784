import { describe, expect, test } from "vitest";
import { loginOf } from "./loginOf.ts";

describe("the output login", () => {
  test.each([
    [2222, { port: 2222 }],
    ["2222", { port: 2222 }],
    [null, {}],
    [undefined, {}],
  ])("has the port %j", (port, expected) => {
    expect(loginOf({ login: { port } })).toEqual(expected);
  });

  test.each(["ssh", "", "0", "70000", "22 ", 22.5, -1, true, [22]])("is refused with the port %j", (port) => {
    const refused = { code: "ssh.port", message: expect.stringContaining("login.port is") };
    expect(() => loginOf({ login: { port } })).toThrow(expect.objectContaining(refused) as Error);
  });

  test("may be absent", () => expect(loginOf({})).toEqual({}));
});
