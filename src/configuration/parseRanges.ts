import { isIP } from "node:net";
import { quoted, type Parsed } from "./Parsed.ts";

/** A list of CIDR ranges, `0.0.0.0/0,::/0`; at least one. */
export function parseRanges(text: string): Parsed<string[]> {
  const ranges = text.split(",").map((range) => range.trim());
  const hint = "write ranges such as 203.0.113.0/24,2001:db8::/32, or 0.0.0.0/0,::/0 for everybody";
  for (const range of ranges) {
    const [address = "", length, more] = range.split("/");
    const version = address.includes("%") ? 0 : isIP(address);
    const bits = version === 4 ? 32 : 128;
    if (range === "") return { message: text.trim() === "" ? "is empty" : "has an empty range", hint };
    if (version === 0) return { message: `contains ${quoted(range)}, which is no IP address with a length`, hint };
    if (length === undefined) {
      return {
        message: `contains ${quoted(range)}, which has no length`,
        hint: `for this one address write ${address}/${bits}`,
      };
    }
    if (more !== undefined || !/^\d{1,3}$/.test(length) || Number(length) > bits) {
      return { message: `contains ${quoted(range)}, whose length is not 0 to ${bits}`, hint };
    }
    if (hasHostBits(address, bits - Number(length))) {
      return {
        message: `contains ${quoted(range)}, whose address lies inside the range instead of at its beginning`,
        hint: `for this one address write ${address}/${bits}; for the range set the bits behind the length to 0`,
      };
    }
  }
  return { value: ranges };
}

function hasHostBits(address: string, hostBits: number): boolean {
  const value = address.includes(":") ? numberOfV6(address) : numberOfV4(address);
  return (value & ((1n << BigInt(hostBits)) - 1n)) !== 0n;
}

function numberOfV4(address: string): bigint {
  return address.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function numberOfV6(address: string): bigint {
  const embedded = /[^:]*\.[^:]*$/.exec(address)?.[0];
  const plain = embedded === undefined ? address : address.slice(0, -embedded.length) + groupsOfV4(embedded);
  const [head = "", tail] = plain.split("::");
  const groups = (side: string) => side.split(":").filter((group) => group !== "");
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function groupsOfV4(address: string): string {
  const value = numberOfV4(address);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
