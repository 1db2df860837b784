import type { RehearsalKit } from "landfall/rehearsal";
import type { Cloud, Rule } from "./cloud.ts";
import { unprocessable } from "./replies.ts";

export type RuleKind = "inbound" | "outbound";

const peerKinds = ["addresses", "droplet_ids", "load_balancer_uids", "kubernetes_ids", "tags"];

export function readRules({ kit }: Cloud, fields: Record<string, unknown>, kind: RuleKind): Rule[] {
  const rules = fields[`${kind}_rules`];
  if (rules === undefined || rules === null) return [];
  if (!Array.isArray(rules)) throw unprocessable(`${kind}_rules must be an array`);
  return (rules as Record<string, unknown>[]).map((rule) => readRule(rule, kind, kit));
}

function readRule(rule: Record<string, unknown>, kind: RuleKind, kit: RehearsalKit): Rule {
  const protocol = String(rule["protocol"] ?? "");
  if (!["tcp", "udp", "icmp"].includes(protocol)) throw unprocessable("protocol must be tcp, udp or icmp");
  const field = kind === "inbound" ? "sources" : "destinations";
  const peers = peersOf(rule[field], kit);
  if (Object.keys(peers).length === 0) throw unprocessable(`${field} can't be blank`);
  return {
    protocol,
    ports: protocol === "icmp" ? "0" : portsOf(rule["ports"]),
    action: actionOf(rule["action"]),
    peers,
  };
}

/** Older clients send none. */
function actionOf(value: unknown): Rule["action"] {
  if (value === undefined || value === null || value === "") return "allow";
  if (value === "allow" || value === "deny") return value;
  throw unprocessable("action must be allow or deny");
}

/** `all` is stored as 0. */
function portsOf(value: unknown): string {
  const ports = typeof value === "string" ? value : "";
  if (ports === "all" || ports === "0") return "0";
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports) ?? [];
  const good = from !== undefined && Number(from) >= 1 && Number(to) <= 65_535 && Number(from) <= Number(to);
  if (!good) throw unprocessable("ports must be a port, a range of ports or all");
  return ports;
}

/** Only the kinds that name something. */
function peersOf(value: unknown, kit: RehearsalKit): Record<string, unknown[]> {
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const peers: Record<string, unknown[]> = {};
  for (const kind of peerKinds) {
    const items = given[kind];
    if (!Array.isArray(items) || items.length === 0) continue;
    if (kind === "addresses") for (const item of items as unknown[]) checkAddress(item, kit);
    peers[kind] = items as unknown[];
  }
  return peers;
}

/** An address, or a range of them. */
function checkAddress(value: unknown, kit: RehearsalKit): void {
  if (kit.addressVersion(String(value)) === 0) throw unprocessable(`address ${String(value)} is not valid`);
}

export function sameRule(one: Rule, other: Rule): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

function comparable({ protocol, ports, action, peers }: Rule): unknown {
  return [protocol, ports, action, peerKinds.map((kind) => (peers[kind] ?? []).map(String).toSorted())];
}
