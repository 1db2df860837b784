import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of a cloud on a bad day. */
export type Spoilt = "reset" | 429 | 500;

/** Something that happens at one call to an API: before it is handed on, or when it is done and before its answer is. */
export interface Strike {
  /** Counted from 1 since `arm`. */
  call: number;
  when: "before" | "after";
  /** What the client is answered instead: a status, or nothing, over a connection that is cut. */
  act: () => Promise<Spoilt | undefined>;
}

export interface FaultProxy {
  /** Such as `http://127.0.0.1:8123`. */
  origin: string;
  /** From here on calls are counted; `writes`: only those that change something. */
  arm(strike: Strike, counted: "calls" | "writes"): void;
  /** Calls since `arm`. */
  disarm(): number;
  close(): Promise<void>;
}

/** Stands between a plugin and the simulation of its API, so that a test can act at an exact call. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let armed: { strike: Strike; counted: "calls" | "writes" } | undefined;
  let count = 0;

  const struck = (incoming: IncomingMessage): Strike | undefined => {
    if (armed === undefined) return undefined;
    if (armed.counted === "writes" && ["GET", "HEAD"].includes(incoming.method ?? "")) return undefined;
    count += 1;
    return count === armed.strike.call ? armed.strike : undefined;
  };

  const server = createServer(async (incoming, outgoing) => {
    const strike = struck(incoming);
    const body = await bodyOf(incoming);
    const before = strike?.when === "before" ? await strike.act() : undefined;
    const answer = before === undefined ? await forward(target, incoming, body).catch(() => undefined) : undefined;
    const spoilt = before ?? (strike?.when === "after" ? await strike.act() : undefined);
    if (typeof spoilt === "number") return void outgoing.writeHead(spoilt).end();
    if (answer === undefined || spoilt === "reset") return void outgoing.destroy();
    reply(answer, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    arm(strike, counted) {
      count = 0;
      armed = { strike, counted };
    },
    disarm() {
      armed = undefined;
      return count;
    },
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      target + (url ?? "/"),
      { method, headers: { ...endToEnd(headers), "content-length": body.length }, agent: false },
      (answer) =>
        void bodyOf(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes }),
          reject,
        ),
    );
    call.on("error", reject);
    call.end(body);
  });
}

function reply({ status, headers, body }: Answer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, { ...endToEnd(headers), ...(status === 204 ? {} : { "content-length": body.length }) });
  outgoing.end(body);
}

function endToEnd(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const ofOneConnection = ["transfer-encoding", "connection", "keep-alive"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneConnection.includes(name)));
}
