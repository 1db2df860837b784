import { describe, expect, it } from "vitest";
import { createStore } from "./createStore.ts";
import { documentationMachines } from "./documentationMachines.ts";
import type { MachineRequest, Machines } from "./Rehearsal.ts";

const make = (machines: Machines, id: string): ReturnType<Machines["create"]> =>
  machines.create({ id, name: id, memory: 1, vcpus: 1, disk: 1, userData: "" } satisfies MachineRequest);

describe("documentationMachines", () => {
  it("give each server addresses of its own, and those that are free again to another", async () => {
    const machines = documentationMachines(() => false);
    expect(await make(machines, "a")).toEqual({ ipv4: "203.0.113.10", ipv6: "2001:db8:a::1" });
    expect(await make(machines, "b")).toEqual({ ipv4: "203.0.113.11", ipv6: "2001:db8:b::1" });
    expect(await make(machines, "a")).toEqual({ ipv4: "203.0.113.10", ipv6: "2001:db8:a::1" });
    await machines.remove("a");
    expect((await make(machines, "c")).ipv4).toBe("203.0.113.10");
  });

  it("leave alone what the store holds, also after a restart", async () => {
    const store = createStore(undefined);
    store.collection<{ id: number; at: object[] }>("kept").put({ id: 1, at: [{ ip: "203.0.113.10" }] });
    store.collection<{ id: number; ip: string }>("networks").put({ id: 2, ip: "2001:db8:b::/64" });
    const again = createStore(store.save());
    const machines = documentationMachines((test) => again.remembers(test));
    expect(await make(machines, "new")).toEqual({ ipv4: "203.0.113.12", ipv6: "2001:db8:c::1" });
  });

  it("give no address twice where there are many servers, and say when there is none left", async () => {
    const machines = documentationMachines(() => false);
    const all = [];
    for (let number = 0; number < 480; number += 1) all.push(await make(machines, String(number)));
    expect(new Set(all.map(({ ipv4 }) => ipv4)).size).toBe(480);
    expect(new Set(all.map(({ ipv6 }) => ipv6)).size).toBe(480);
    await expect(make(machines, "one too many")).rejects.toThrow("in use");
  });
});
