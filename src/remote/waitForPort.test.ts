import { expect, test } from "vitest";
import type { ConnectionFailure } from "../ports/Network.ts";
import type { Wait } from "./Wait.ts";
import { waitForPort } from "./waitForPort.ts";

/** A machine whose port answers the same until the budget of two tries is used up. */
async function waitWith(answer: ConnectionFailure | { banner: string }): Promise<{ told: string[]; error: unknown }> {
  const told: string[] = [];
  let left = 800;
  const wait = {
    phases: {
      start: () => undefined,
      finish: () => undefined,
      left: () => (left -= 200),
      elapsed: () => 800,
      progress: (text: string) => told.push(text),
    },
    ports: { network: { connect: async () => answer } },
    sshLeft: () => 800,
    checkInterrupted: () => undefined,
    pause: async () => undefined,
  } as unknown as Wait;
  const error: unknown = await waitForPort({ address: "192.0.2.1", port: 22 } as never, wait).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { told, error };
}

test.each<[ConnectionFailure | { banner: string }, string, RegExp]>([
  ["unreachable", "no route to it", /the machine is off or still starts, or its network cannot be reached/],
  ["timeout", "no answer", /a firewall drops the packets \(SSH_ALLOWED_FROM\)/],
  ["refused", "connection refused", /its SSH server is not \(yet\)/],
  ["closed", "the connection is closed at once", /its SSH server is starting, or refuses this computer/],
  [{ banner: "" }, "the connection opens, but nothing is said", /overloaded or hangs/],
  [{ banner: "HTTP/1.1 400" }, `something that is not SSH says "HTTP/1.1 400"`, /another service has this port/],
])("%j is told while it lasts, and with what it means at the end", async (answer, sight, meaning) => {
  const { told, error } = await waitWith(answer);
  expect(new Set(told)).toEqual(new Set([sight]));
  expect(JSON.stringify(error)).toMatch(/wait\./);
  expect(String(error) + JSON.stringify(error)).toMatch(meaning);
});

test("a server that introduces itself, after other lines too, ends the wait", async () => {
  expect((await waitWith({ banner: "welcome\r\nSSH-2.0-OpenSSH_9.6\r\n" })).error).toBeUndefined();
});
