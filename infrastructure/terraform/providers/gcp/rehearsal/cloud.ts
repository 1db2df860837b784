import type { Collection, RehearsalKit } from "landfall/rehearsal";
import { pathOf, type Located, type Place } from "./links.ts";

/** A machine type, as catalog.json has it. */
export interface MachineType {
  name: string;
  vcpus: number;
  /** MiB */
  memory: number;
  architecture: "amd64" | "arm64";
  regions: readonly string[];
}

/** What every resource has. */
export interface Thing extends Located {
  id: string;
  /** Milliseconds since 1970, as all times here. */
  created: number;
  description: string;
  labels: Readonly<Record<string, string>>;
  /** While it is being deleted: when it is gone. */
  goneAt?: number;
}

export interface Operation {
  id: string;
  name: string;
  project: string;
  place: Place;
  type: string;
  /** Path of what it works on. */
  target: string;
  targetId: string;
  begun: number;
  ends: number;
  error?: { code: string; message: string; status: number };
}

export interface Disk extends Thing {
  /** GiB */
  size: number;
  type: string;
  /** Path of the image. */
  image?: string;
}

export interface Attachment {
  /** Path of the disk. */
  disk: string;
  deviceName: string;
  boot: boolean;
  autoDelete: boolean;
  mode: string;
}

export interface AccessConfig {
  name: string;
  /** None while the instance is stopped, unless it is a static one. */
  address?: string;
}

export interface Instance extends Thing {
  machineType: string;
  status: "RUNNING" | "TERMINATED";
  /** What it is until the operation at work is done. */
  phase: { status: string; until: number };
  tags: readonly string[];
  metadata: readonly { key: string; value: string }[];
  attachments: readonly Attachment[];
  network: string;
  subnetwork: string;
  networkAddress: string;
  accessConfigs: readonly AccessConfig[];
  /** Given by the cloud, taken back with the access configuration. */
  ephemeralAddress: string;
  /** What it was told and only shows again. */
  given: object;
  /** Whether an answer has said that it runs. */
  seen?: boolean;
  deletionProtection: boolean;
  canIpForward: boolean;
  scheduling: { onHostMaintenance: string; automaticRestart: boolean; preemptible: boolean };
}

export interface Address extends Thing {
  address: string;
  networkTier: string;
}

export interface Firewall extends Thing {
  network: string;
  direction: string;
  priority: number;
  disabled: boolean;
  logged: boolean;
  sourceRanges?: readonly string[];
  destinationRanges?: readonly string[];
  sourceTags?: readonly string[];
  targetTags?: readonly string[];
  allowed?: readonly Protocol[];
  denied?: readonly Protocol[];
}

export interface Protocol {
  IPProtocol: string;
  ports?: readonly string[];
}

export interface Cloud {
  kit: RehearsalKit;
  types: readonly MachineType[];
  regions: readonly string[];
  operations: Collection<Operation>;
  instances: Collection<Instance>;
  disks: Collection<Disk>;
  addresses: Collection<Address>;
  firewalls: Collection<Firewall>;
  /** An id in the cloud's form: 64 bits. */
  newId(): string;
  /** What a new resource has. */
  thing(located: Located, more: { description?: string | undefined; labels?: Thing["labels"] }): Thing;
  /** Takes away what has been deleted by now. */
  settle(): void;
}

export async function createCloud(kit: RehearsalKit): Promise<Cloud> {
  const catalog = await kit.host.files.read(`${kit.folder}/catalog.json`);
  if (catalog === undefined) {
    throw kit.host.error("gcp.catalog", "catalog.json is missing", "take it from the project again");
  }
  const { types: offers } = JSON.parse(catalog) as { types: (MachineType & { retired?: boolean })[] };
  const orderable = offers.filter(({ retired }) => retired !== true);
  const newId = (): string => String(5_104_000_000_000_000_000n + BigInt(kit.number()) * 7_919_333n);
  const cloud: Cloud = {
    kit,
    types: merged(orderable),
    regions: [...new Set(orderable.flatMap(({ regions }) => regions))].toSorted(),
    operations: kit.collection("operations"),
    instances: kit.collection("instances"),
    disks: kit.collection("disks"),
    addresses: kit.collection("addresses"),
    firewalls: kit.collection("firewalls"),
    newId,
    thing: (located, { description, labels }) => ({
      ...located,
      id: newId(),
      created: kit.now(),
      description: description ?? "",
      labels: labels ?? {},
    }),
    settle: () => settle(cloud),
  };
  return cloud;
}

/** Where a collection has something of that name. */
export function findIn<T extends Located>(collection: Collection<T>, { project, place, name }: Located): T | undefined {
  return collection.find(
    (item) => item.project === project && item.place === place && (item.name === name || isId(item, name)),
  );
}

/** One entry of the catalog for each price becomes one type. */
function merged(offers: readonly MachineType[]): MachineType[] {
  const types = new Map<string, MachineType>();
  for (const offer of offers) {
    const known = types.get(offer.name)?.regions ?? [];
    types.set(offer.name, { ...offer, regions: [...known, ...offer.regions] });
  }
  return [...types.values()];
}

/** Requests may name a resource by its number. */
function isId(item: object, name: string): boolean {
  return "id" in item && item.id === name;
}

function settle({ kit, instances, disks, addresses, firewalls }: Cloud): void {
  const now = kit.now();
  const over = ({ goneAt }: Thing): boolean => goneAt !== undefined && goneAt <= now;
  for (const instance of instances.all().filter(over)) {
    instances.remove(instance.id);
    for (const { disk, autoDelete } of instance.attachments) {
      const own = disks.find((item) => pathOf(item, "disks") === disk);
      if (autoDelete && own !== undefined) disks.remove(own.id);
    }
  }
  for (const collection of [disks, addresses, firewalls]) {
    for (const thing of collection.all().filter(over)) collection.remove(thing.id);
  }
}
