import { describe, expect, it } from "vitest";
import { createFaults, type Call } from "./createFaults.ts";
import type { Fault } from "./Fault.ts";
import { parseFault } from "./parseFault.ts";

const creating: Call = { number: 4, name: "POST /servers", creates: true };
const other: Call = { number: 2, name: "GET /servers", creates: false };
let now = 1000;
const armed = (...faults: Fault[]): ReturnType<typeof createFaults> =>
  createFaults(
    faults,
    () => now,
    () => true,
  );

describe("createFaults", () => {
  it("strikes once, where a server is made", () => {
    const faults = armed({ name: "reset" });
    expect(faults.strike(other)).toBeUndefined();
    expect(faults.spent()).toBe(false);
    expect(faults.strike(creating)).toBe("reset");
    expect(faults.strike(creating)).toBeUndefined();
    expect(faults.spent()).toBe(true);
  });
  it("strikes the request of a number, or the next one", () => {
    expect(armed({ name: "slow", call: 2 }).strike(other)).toBe("slow");
    expect(armed({ name: "slow", call: 3 }).strike(other)).toBeUndefined();
    expect(armed({ name: "slow", call: 3 }).strike(creating)).toBe("slow");
  });
  it("strikes the call of a name, whatever its case", () => {
    expect(armed({ name: "reset", call: "get /servers" }).strike(other)).toBe("reset");
    expect(armed({ name: "reset", call: "get /servers" }).strike(creating)).toBeUndefined();
  });
  it("limits every call for a while, and says for how long", () => {
    const faults = armed({ name: "rate-limit" });
    expect(faults.strike(creating)).toBe("rate-limit");
    now += 20_000;
    expect(faults.strike(other)).toBe("rate-limit");
    expect(faults.retryAfter()).toBe(5);
    now += 5000;
    expect(faults.strike(other)).toBeUndefined();
  });
  it("lets an action fail when it is asked to", () => {
    const faults = armed({ name: "action-fails" });
    expect(faults.strike(creating)).toBeUndefined();
    expect([faults.actionFails(), faults.actionFails()]).toEqual([true, false]);
  });
  it("lets no server disappear that is not there yet", () => {
    const early = createFaults(
      [{ name: "server-disappears" }],
      () => 0,
      () => false,
    );
    expect(early.strike(other)).toBeUndefined();
    expect(armed({ name: "server-disappears" }).strike(creating)).toBeUndefined();
    expect(armed({ name: "server-disappears" }).strike(other)).toBe("server-disappears");
  });
});

describe("parseFault", () => {
  it.each([
    ["reset", { name: "reset" }],
    ["slow@3", { name: "slow", call: 3 }],
    ["reset@DELETE /v1/servers/:id", { name: "reset", call: "DELETE /v1/servers/:id" }],
    ["rate-limit@RunInstances", { name: "rate-limit", call: "RunInstances" }],
  ])("%s", (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });
  it.each([["429"], [""], ["reset@"], ["reset@0"], ["action-fails@3"]])("refuses %j", (text) => {
    expect(() => parseFault(text)).toThrow();
  });
});
