import type { RehearsalKit, SimulatedResource, SimulatedServer } from "landfall/rehearsal";

/** One region of the emulator, asked as a client would. */
export interface Region {
  call(parameters: Record<string, string>): Promise<string>;
  servers(): Promise<SimulatedServer[]>;
  /** What was made through the API: the default network that every account has is no part of it. */
  resources(): Promise<SimulatedResource[]>;
}

export function existing(origin: string, region: string, { host }: RehearsalKit): Region {
  async function call(parameters: Record<string, string>): Promise<string> {
    const { text } = await host.request({
      url: `${origin}/`,
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAREHEARSAL0000000/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Version: "2016-11-15", ...parameters }).toString(),
      // The first call of a region makes moto build its default network; on a busy computer that takes a while.
      timeoutMs: 120_000,
    });
    return text;
  }

  async function servers(): Promise<SimulatedServer[]> {
    const text = await call({ Action: "DescribeInstances" });
    return text
      .split("<instanceId>")
      .slice(1)
      .map((piece) => ({
        id: piece.slice(0, piece.indexOf("<")),
        state: /<instanceState>[\s\S]*?<name>([a-z-]+)</.exec(piece)?.[1] ?? "",
        name: /<key>Name<\/key>\s*<value>([^<]*)</.exec(piece)?.[1] ?? "",
        address: /<ipAddress>([0-9.]+)</.exec(piece)?.[1],
      }))
      .filter(({ state }) => state !== "terminated" && state !== "shutting-down")
      .map(({ id, state, name, address }) => ({
        id,
        name,
        running: state === "running",
        ...(address === undefined ? {} : { address }),
      }));
  }

  async function idsOf({ action, id }: Kind): Promise<string[]> {
    const text = await call({ Action: action });
    return [...new Set([...text.matchAll(new RegExp(`<${id}>([^<]+)</${id}>`, "g"))].map(([, found]) => found ?? ""))];
  }

  // What every account has from the beginning.
  const before = Promise.all(kinds.map(idsOf));
  before.catch(() => undefined);
  return {
    call,
    servers,
    async resources() {
      const own = (await before).flat();
      const [instances, ...others] = await Promise.all([
        servers(),
        ...kinds.map(async (kind) => {
          const ids = (await idsOf(kind)).filter((id) => !own.includes(id));
          return ids.map((id) => ({ kind: kind.kind, id, name: id }));
        }),
      ]);
      return [...instances.map(({ id, name }) => ({ kind: "instance", id, name })), ...others.flat()];
    },
  };
}

interface Kind {
  kind: string;
  action: string;
  /** The element that holds it. */
  id: string;
}

const kinds: readonly Kind[] = [
  { kind: "key pair", action: "DescribeKeyPairs", id: "keyPairId" },
  { kind: "volume", action: "DescribeVolumes", id: "volumeId" },
  { kind: "address", action: "DescribeAddresses", id: "allocationId" },
  { kind: "security group", action: "DescribeSecurityGroups", id: "groupId" },
];
