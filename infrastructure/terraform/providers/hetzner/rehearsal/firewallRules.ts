import type { RehearsalKit } from "landfall/rehearsal";
import type { Rule } from "./cloud.ts";

const mostRules = 50;

/** Undefined where one of them is none. */
export function readRules(value: unknown, kit: RehearsalKit): Rule[] | undefined {
  if (!Array.isArray(value) || value.length > mostRules) return undefined;
  const rules: Rule[] = [];
  for (const entry of value as Record<string, unknown>[]) {
    const { direction, protocol, port, source_ips: sources = [], destination_ips: targets = [], description } = entry;
    const ranges = [sources, targets].flat();
    const needsPort = protocol === "tcp" || protocol === "udp";
    const sound =
      (direction === "in" || direction === "out") &&
      ["tcp", "udp", "icmp", "esp", "gre"].includes(String(protocol)) &&
      (needsPort ? arePorts(port) : !port) &&
      ranges.every((item) => isRange(item, kit)) &&
      (direction === "in" ? [sources].flat() : [targets].flat()).length > 0;
    if (!sound) return undefined;
    rules.push({
      direction: String(direction),
      protocol: String(protocol),
      port: needsPort ? String(port) : null,
      source_ips: sources as string[],
      destination_ips: targets as string[],
      description: typeof description === "string" ? description : null,
    });
  }
  return rules;
}

/** A port, a range of ports, or `any`. */
function arePorts(value: unknown): boolean {
  if (value === "any") return true;
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(typeof value === "string" ? value : "") ?? [];
  return from !== undefined && Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= 65_535;
}

/** An address with the length of its prefix. */
function isRange(value: unknown, kit: RehearsalKit): boolean {
  return String(value).includes("/") && kit.addressVersion(String(value)) !== 0;
}
