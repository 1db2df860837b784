import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that keeps states by address, as the engine's backend `http` expects it, with locks and a password. */
export interface StateServer {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  states: Map<string, string>;
  locks: Map<string, string>;
  /** Set: no state is written any more. */
  full: boolean;
  close(): Promise<void>;
}

export async function startStateServer(user: string, password: string): Promise<StateServer> {
  const states = new Map<string, string>();
  const locks = new Map<string, string>();
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = new URL(request.url ?? "", "http://localhost").pathname.replace(/\/lock$/, "");
    const held = locks.get(path);
    const send = (status: number, text = ""): void => void response.writeHead(status).end(text);
    if (request.headers.authorization !== expected) return send(401);
    if (request.method === "LOCK") {
      if (held !== undefined) return send(423, held);
      locks.set(path, body);
      return send(200);
    }
    if (request.method === "UNLOCK") {
      locks.delete(path);
      return send(200);
    }
    if (request.method === "POST") {
      if (own.full) return send(507);
      states.set(path, body);
      return send(200);
    }
    if (request.method === "DELETE") {
      states.delete(path);
      return send(200);
    }
    const state = states.get(path);
    return state === undefined ? send(404) : send(200, state);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own: StateServer = {
    full: false,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    states,
    locks,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return own;
}
