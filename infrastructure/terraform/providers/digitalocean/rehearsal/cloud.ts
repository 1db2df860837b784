import type { ApiRequest, Collection, RehearsalKit, Reply, Route } from "landfall/rehearsal";
import { imagesOf, regionNames, type Image } from "./facts.ts";
import { Refusal } from "./replies.ts";

/** A droplet as it is kept. */
export interface Droplet {
  id: number;
  name: string;
  status: "new" | "active" | "off";
  size: string;
  /** GiB; a resize may leave it. */
  disk: number;
  region: string;
  image: number;
  createdAt: string;
  features: string[];
  tags: string[];
  vpc: string;
  ipv4: string;
  ipv6: string;
}

export interface Volume {
  id: string;
  name: string;
  description: string;
  region: string;
  size: number;
  filesystemType: string;
  filesystemLabel: string;
  tags: string[];
  createdAt: string;
  droplet: number | null;
}

export interface Firewall {
  id: string;
  name: string;
  createdAt: string;
  /** When its last change has reached the droplets, milliseconds. */
  readyAt: number;
  inbound: Rule[];
  outbound: Rule[];
  droplets: number[];
  tags: string[];
}

export interface Rule {
  protocol: string;
  ports: string;
  action: "allow" | "deny";
  /** `sources` of a rule for inbound traffic, `destinations` of one for outbound traffic. */
  peers: Record<string, unknown[]>;
}

/** A reserved address; its id is the address. */
export interface Address {
  id: string;
  region: string;
  droplet: number | null;
}

export interface SshKey {
  id: number;
  name: string;
  publicKey: string;
  fingerprint: string;
}

/** Asynchronous work; what it changes happens when it is due. */
export interface Action {
  id: number;
  type: string;
  resource: { type: string; id: number | null };
  region: string;
  startedAt: number;
  dueAt: number;
  status: "in-progress" | "completed" | "errored";
  /** Fails when it is due. */
  fails: boolean;
  droplet?: number;
  volume?: string;
  address?: string;
  /** New name, size, image or number of GiB, as the type needs it. */
  value?: string;
  resizeDisk?: boolean;
}

export interface Size {
  slug: string;
  memory: number;
  vcpus: number;
  disk: number;
  price: number;
  regions: string[];
}

export interface Cloud {
  kit: RehearsalKit;
  sizes: readonly Size[];
  images: readonly Image[];
  regions: readonly string[];
  droplets: Collection<Droplet>;
  volumes: Collection<Volume>;
  firewalls: Collection<Firewall>;
  addresses: Collection<Address>;
  keys: Collection<SshKey>;
  actions: Collection<Action>;
  /** By name. */
  tags: Collection<{ id: string }>;
  /** The default network of each region, made when it is first needed. */
  networks: Collection<{ id: string; region: string; createdAt: string }>;
}

interface Catalog {
  types: { name: string; vcpus: number; memory: number; disk: number; monthly_price: number; regions: string[] }[];
}

export async function createCloud(kit: RehearsalKit): Promise<Cloud> {
  const text = await kit.host.files.read(`${kit.folder}/catalog.json`);
  const { types } = JSON.parse(text ?? '{"types":[]}') as Catalog;
  const regions = Object.keys(regionNames).filter((slug) => types.some((type) => type.regions.includes(slug)));
  return {
    kit,
    sizes: types.map((type) => Object.assign({ slug: type.name, price: type.monthly_price }, type)),
    images: imagesOf(regions),
    regions,
    droplets: kit.collection("droplets"),
    volumes: kit.collection("volumes"),
    firewalls: kit.collection("firewalls"),
    addresses: kit.collection("addresses"),
    keys: kit.collection("keys"),
    actions: kit.collection("actions"),
    tags: kit.collection("tags"),
    networks: kit.collection("networks"),
  };
}

type Handler = (request: ApiRequest) => Reply | Promise<Reply>;

/** A route whose handler may throw a `Refusal`. */
export function route(method: Route["method"], path: string, handle: Handler, creates?: "server"): Route {
  return {
    method,
    path,
    ...(creates === undefined ? {} : { creates }),
    async handle(request) {
      try {
        return await handle(request);
      } catch (error) {
        if (error instanceof Refusal) return error.reply;
        throw error;
      }
    },
  };
}

/** The time as the API writes it. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** While something happens to a droplet, nothing else can. */
export function locked(cloud: Cloud, droplet: number): boolean {
  return cloud.actions.find((action) => action.status === "in-progress" && action.droplet === droplet) !== undefined;
}
