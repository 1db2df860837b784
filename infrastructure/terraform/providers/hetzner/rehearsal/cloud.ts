import type { Collection, RehearsalKit } from "landfall/rehearsal";
import type { Labels } from "./labels.ts";

interface Named {
  id: number;
  name: string;
  labels: Labels;
  /** RFC 3339 */
  created: string;
}

export interface Action {
  id: number;
  command: string;
  started: number;
  durationMs: number;
  fails: boolean;
  resources: { id: number; type: string }[];
}

export interface Server extends Named {
  type: string;
  image: number;
  location: string;
  /** As it was asked to be; what the API shows also depends on the actions under way. */
  power: "running" | "off";
  /** The action that makes it. */
  making: number;
  userData: string;
  /** Ids of primary IPs. */
  ipv4?: number;
  ipv6?: number;
  diskSize: number;
  protected: boolean;
  /** Whether it was made with SSH keys, and has no password therefore. */
  hasKey: boolean;
}

export interface Rule {
  direction: string;
  protocol: string;
  port: string | null;
  source_ips: string[];
  destination_ips: string[];
  description: string | null;
}

export interface Firewall extends Named {
  rules: Rule[];
  /** Ids of servers. */
  servers: number[];
  /** Label selectors that it is applied by. */
  selectors: string[];
}

export interface Volume extends Named {
  size: number;
  location: string;
  format: string | null;
  server: number | null;
  protected: boolean;
}

export interface PrimaryIp extends Named {
  type: "ipv4" | "ipv6";
  ip: string;
  location: string;
  assignee: number | null;
  autoDelete: boolean;
  protected: boolean;
  dnsPtr: { ip: string; dns_ptr: string }[];
}

export interface SshKey extends Named {
  publicKey: string;
  fingerprint: string;
}

export interface ServerType {
  id: number;
  name: string;
  cores: number;
  /** GiB */
  memory: number;
  /** GiB */
  disk: number;
  architecture: "x86" | "arm";
  retired: boolean;
  /** By location. */
  prices: Record<string, number>;
}

export interface Cloud {
  kit: RehearsalKit;
  actions: Collection<Action>;
  servers: Collection<Server>;
  firewalls: Collection<Firewall>;
  volumes: Collection<Volume>;
  primaryIps: Collection<PrimaryIp>;
  sshKeys: Collection<SshKey>;
  serverTypes: readonly ServerType[];
  /** What every new resource has. */
  named(name: string, labels: Labels | undefined): Named;
  /** Starts an action; it ends by itself. */
  act(command: string, resources: Action["resources"], options?: { fails?: boolean; durationMs?: number }): Action;
}

interface Offer {
  name: string;
  vcpus: number;
  memory: number;
  disk: number;
  architecture: string;
  monthly_price?: number;
  regions?: string[];
  retired?: boolean;
}

/** Everything that the simulated project holds. */
export async function createCloud(kit: RehearsalKit): Promise<Cloud> {
  const { types } = JSON.parse((await kit.host.files.read(`${kit.folder}/catalog.json`)) ?? '{"types":[]}') as {
    types: Offer[];
  };
  const actions = kit.collection<Action>("actions");
  return {
    kit,
    actions,
    servers: kit.collection("servers"),
    firewalls: kit.collection("firewalls"),
    volumes: kit.collection("volumes"),
    primaryIps: kit.collection("primary_ips"),
    sshKeys: kit.collection("ssh_keys"),
    serverTypes: serverTypesOf(types),
    named: (name, labels) => ({
      id: kit.number(),
      name,
      labels: labels ?? {},
      created: new Date(kit.now()).toISOString(),
    }),
    act(command, resources, { fails = false, durationMs = kit.actionMs } = {}) {
      return actions.put({ id: kit.number(), command, started: kit.now(), durationMs, fails, resources });
    },
  };
}

function serverTypesOf(offers: readonly Offer[]): ServerType[] {
  const types = new Map<string, ServerType>();
  for (const offer of offers) {
    const type = types.get(offer.name) ?? {
      id: 100 + types.size,
      name: offer.name,
      cores: offer.vcpus,
      memory: offer.memory / 1024,
      disk: offer.disk,
      architecture: offer.architecture === "arm64" ? ("arm" as const) : ("x86" as const),
      retired: offer.retired === true,
      prices: {},
    };
    for (const region of offer.regions ?? []) type.prices[region] = offer.monthly_price ?? 0;
    types.set(offer.name, type);
  }
  return [...types.values()];
}
