import { describe, expect, test } from "vitest";
import type { StackContext } from "../../../../src/providers/behaviour.ts";
import { findOrphans } from "./search.ts";

interface Address {
  ip: string;
  droplet: { id: number } | null;
  locked: boolean;
}

const tags = ["project:p", "stack:production_digitalocean"];

/** An account with our droplet, whose addresses are `looks`, one look after the other. */
function accountOf(...looks: Address[][]): { context: StackContext; waits: number[] } {
  const waits: number[] = [];
  const lists: Record<string, () => object[]> = {
    droplets: () => [{ id: 7, name: "web", status: "active", created_at: "2026-01-01", tags }],
    ssh_keys: () => [],
    firewalls: () => [],
    volumes: () => [],
    reserved_ips: () => (looks.length > 1 ? looks.shift() : looks[0]) ?? [],
  };
  const context = {
    secret: () => "t0ken",
    settings: { region: "fra1" },
    outputs: {},
    inputs: { labels: { project: "p", stack: "production_digitalocean" }, reserve_address: true },
    host: {
      sleep: async (milliseconds: number) => void waits.push(milliseconds),
      async request({ url }: { url: string }) {
        const key =
          new URL(url).pathname
            .split("/")
            .at(-1)
            ?.replace(/^keys$/, "ssh_keys") ?? "";
        return { status: 200, headers: {}, text: JSON.stringify({ [key]: lists[key]?.() }) };
      },
    },
  };
  return { context: context as unknown as StackContext, waits };
}

const found = async (context: StackContext): Promise<string[]> =>
  (await findOrphans(context)).filter(({ address }) => address.includes("floating_ip")).map(({ id }) => id);

describe("the reserved IP of a run that was killed", () => {
  const free = { ip: "198.51.100.1", droplet: null, locked: false };
  const ours = { ip: "198.51.100.2", droplet: { id: 7 }, locked: false };
  const onItsWay = { ...ours, droplet: null, locked: true };
  const stuck = { ...free, locked: true };

  test("that is on its way to the droplet is waited for", async () => {
    const { context, waits } = accountOf([free, onItsWay], [free, onItsWay], [free, ours]);
    expect(await found(context)).toEqual([ours.ip]);
    expect(waits).toHaveLength(2);
  });

  test("is found at once where nothing is under way, or it is there already", async () => {
    for (const [look, ids] of [
      [[free, ours], [ours.ip]],
      [[stuck, ours], [ours.ip]],
      [[free], []],
    ] as const) {
      const { context, waits } = accountOf([...look]);
      expect(await found(context)).toEqual(ids);
      expect(waits).toEqual([]);
    }
  });

  test("is not waited for without end", async () => {
    const { context, waits } = accountOf([stuck]);
    expect(await found(context)).toEqual([]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(60_000);
  });
});
