import type { RehearsalKit } from "landfall/rehearsal";
import type { PrimaryIp } from "./cloud.ts";

/**
 * The address with another reverse DNS entry; undefined where it has no such IP. An IPv6 address is a network of 64 bits, in
 * which each IP has an entry of its own.
 *
 * @param pointer null takes the entry away
 */
export function withPointer(
  address: PrimaryIp,
  ip: unknown,
  pointer: unknown,
  kit: RehearsalKit,
): PrimaryIp | undefined {
  if (typeof ip !== "string") return undefined;
  const wanted = kit.addressVersion(ip) === 6 ? shortForm(ip) : ip;
  if (address.type === "ipv4" ? address.ip !== wanted : !isWithin(wanted, address.ip, kit)) return undefined;
  const others = address.dnsPtr.filter((entry) => entry.ip !== wanted);
  return {
    ...address,
    dnsPtr: typeof pointer === "string" ? [...others, { ip: wanted, dns_ptr: pointer }] : others,
  };
}

/** @param network such as `2001:db8:a::/64` */
function isWithin(ip: string, network: string, kit: RehearsalKit): boolean {
  return kit.addressVersion(ip) === 6 && firstHalf(ip) === firstHalf(network.replace("/64", ""));
}

/** The URL standard has the form that addresses are compared in. */
function shortForm(ip: string): string {
  return new URL(`http://[${ip}]`).hostname.slice(1, -1);
}

/** The first 64 bits, written out. */
function firstHalf(ip: string): string {
  const [start = "", end] = shortForm(ip)
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const groups = [...start, ...Array<string>(8 - start.length - (end?.length ?? 0)).fill("0"), ...(end ?? [])];
  return groups.slice(0, 4).join(":");
}
