import type { Machines } from "./Rehearsal.ts";

/** The ranges for documentation (RFC 5737) but for 198.51.100.0/24, which simulations choose from by themselves. */
const ranges = ["203.0.113", "192.0.2"];
const first = 10;
const last = 249;

interface Addresses {
  ipv4: string;
  ipv6: string;
}

/**
 * Machines that do not exist: each server gets addresses of the ranges that are kept for documentation (RFC 5737, RFC 3849).
 *
 * @param remembers whether a text that the simulation keeps passes: its addresses are not given again, also where the server
 *   that they were made for is gone, and after a restart
 */
export function documentationMachines(remembers: (test: (text: string) => boolean) => boolean): Machines {
  const given = new Map<string, Addresses>();
  const isFree = ({ ipv4, ipv6 }: Addresses): boolean => {
    const network = ipv6.slice(0, -1);
    return (
      ![...given.values()].some((other) => other.ipv4 === ipv4) &&
      !remembers((text) => text === ipv4 || text.startsWith(network))
    );
  };
  return {
    async create({ id }) {
      const addresses = given.get(id) ?? candidates().find(isFree);
      if (addresses === undefined) throw new Error("every address of the ranges for documentation is in use");
      given.set(id, addresses);
      return addresses;
    },
    async remove(id) {
      given.delete(id);
    },
  };
}

function candidates(): Addresses[] {
  return ranges.flatMap((range, index) =>
    Array.from({ length: last - first + 1 }, (_, offset) => {
      const number = first + offset;
      return { ipv4: `${range}.${number}`, ipv6: `2001:db8:${(index * 256 + number).toString(16)}::1` };
    }),
  );
}
