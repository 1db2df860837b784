import { createServer } from "node:http";

/** A server that keeps one state per address, with locks, as the engine's backend `http` wants it. */
export interface StateServer {
  origin: string;
  states: Map<string, string>;
  locks: Map<string, string>;
  /** Requests as `METHOD PATH`. */
  requests: string[];
  stop(): Promise<void>;
}

export async function startStateServer(user: string, password: string): Promise<StateServer> {
  const [states, locks] = [new Map<string, string>(), new Map<string, string>()];
  const requests: string[] = [];
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const answer = (method: string, path: string, body: string): [status: number, body?: string] => {
    if (method === "GET") return states.has(path) ? [200, states.get(path) ?? ""] : [404];
    if (method === "LOCK") {
      const held = locks.get(path);
      if (held === undefined) locks.set(path, body);
      return held === undefined ? [200] : [423, held];
    }
    if (method === "UNLOCK") return locks.delete(path) ? [200] : [409];
    if (method === "DELETE") return [states.delete(path) ? 200 : 404];
    states.set(path, body);
    return [200];
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const path = (request.url ?? "").replace(/\?.*/, "");
      requests.push(`${request.method} ${path}`);
      const [status, text] =
        request.headers.authorization === wanted ? answer(request.method ?? "", path, body) : [401];
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    states,
    locks,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
