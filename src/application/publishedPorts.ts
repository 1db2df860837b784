/** One port that a service publishes. */
export interface PublishedPort {
  /** PORT/tcp or PORT/udp; undefined where the text cannot be read, or docker chooses. */
  name: string | undefined;
  /** Whether the world reaches it. */
  world: boolean;
  text: string;
}

/** An entry of `ports`, in its short or its long form, with its variables replaced. */
export function publishedPorts(entry: unknown): PublishedPort[] {
  if (typeof entry === "number") return [{ name: undefined, world: true, text: String(entry) }];
  if (typeof entry === "string") return short(entry);
  const { published, protocol, host_ip: host } = (entry ?? {}) as Record<string, unknown>;
  const text = JSON.stringify(entry);
  if (published === undefined) return [{ name: undefined, world: true, text }];
  return range(plain(published), plain(protocol ?? "tcp")).map((name) => ({
    name,
    world: isWorld(host === undefined ? "" : plain(host)),
    text,
  }));
}

function short(text: string): PublishedPort[] {
  const match = /^(?:(\[[^\]]+\]|\d+(?:\.\d+){3}):)?(?:([\d-]*):)?[\d-]+(?:\/(\w+))?$/.exec(text);
  const [, host = "", published, protocol = "tcp"] = match ?? [];
  if (match === null || published === undefined || published === "")
    return [{ name: undefined, world: isWorld(host), text }];
  return range(published, protocol).map((name) => ({ name, world: isWorld(host), text }));
}

const mostPorts = 1000;

function range(published: string, protocol: string): (string | undefined)[] {
  const [from = Number.NaN, to = from] = published.split("-").map(Number);
  if (!Number.isInteger(from) || !Number.isInteger(to) || to < from || to - from > mostPorts) return [undefined];
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}/${protocol}`);
}

function isWorld(host: string): boolean {
  const address = host.replaceAll(/[[\]]/g, "");
  return !(address.startsWith("127.") || address === "::1" || address === "localhost");
}

function plain(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
