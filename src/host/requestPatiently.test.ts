import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Event } from "../events/Event.ts";
import { realPorts } from "../system/realPorts.ts";
import { requestPatiently } from "./requestPatiently.ts";

/** How often the server cuts the connection, or refuses, before it answers. */
let [cuts, refusals] = [0, 0];
let seen: string[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.method ?? "");
    if (cuts-- > 0) return request.socket.destroy();
    if (refusals-- > 0) return response.writeHead(429, { "retry-after": "7" }).end();
    return response.end("here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

async function ask(method: string, wanted: { cuts?: number; refusals?: number }) {
  [cuts, refusals, seen] = [wanted.cuts ?? 0, wanted.refusals ?? 0, []];
  const ports = realPorts();
  const [pauses, events]: [number[], Event[]] = [[], []];
  const sleep = async (ms: number): Promise<void> => void pauses.push(ms);
  const effects = { ...ports, clock: { ...ports.clock, sleep }, emit: (event: Event) => void events.push(event) };
  const answer = await requestPatiently({ url, method }, effects).catch((error: unknown) => error);
  return { answer, pauses, codes: events.map((event) => (event.type === "notice" ? event.code : event.type)) };
}

test("a question whose answer was lost is asked again, and said to be", async () => {
  const { answer, codes } = await ask("GET", { cuts: 2 });
  expect(answer).toMatchObject({ status: 200, text: "here" });
  expect(codes).toEqual(["network.noAnswer", "network.noAnswer"]);
});

test("not for ever", async () => {
  expect((await ask("GET", { cuts: 9 })).answer).toMatchObject({ code: "network.unreachable" });
  expect(seen).toHaveLength(3);
});

test("what may have changed something is not asked again", async () => {
  expect((await ask("POST", { cuts: 1 })).answer).toMatchObject({ code: "network.unreachable" });
  expect(seen).toEqual(["POST"]);
});

test("where there were too many, it waits as long as it is told", async () => {
  const { answer, pauses, codes } = await ask("POST", { refusals: 2 });
  expect(answer).toMatchObject({ status: 200 });
  expect(pauses).toEqual([7000, 7000]);
  expect(codes).toEqual(["network.rateLimited", "network.rateLimited"]);
});
