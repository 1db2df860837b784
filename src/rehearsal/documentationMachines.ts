import type { Machines } from "./Rehearsal.ts";

/** Machines that do not exist: each server gets addresses of the ranges that are kept for documentation (RFC 5737, RFC 3849). */
export function documentationMachines(): Machines {
  const given = new Map<string, number>();
  const free = (): number => {
    for (let number = 10; number < 250; number += 1) {
      if (![...given.values()].includes(number)) return number;
    }
    return 250;
  };
  return {
    async create({ id }) {
      const number = given.get(id) ?? free();
      given.set(id, number);
      return { ipv4: `203.0.113.${number}`, ipv6: `2001:db8:${number.toString(16)}::1` };
    },
    async remove(id) {
      given.delete(id);
    },
  };
}
