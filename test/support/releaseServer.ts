import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReleaseServer {
  url: string;
  /** Paths that were asked for, with the range if there was one. */
  requests: string[];
  close(): Promise<void>;
}

export interface Fault {
  /** Ends the connection after this many bytes of the body, as often as `times` says. */
  cutAfter?: number;
  times?: number;
  /** Accepts and never answers. */
  hang?: boolean;
  status?: number;
}

/** A server with the layout of the engine's releases; faults are told by the end of the path. */
export async function startReleaseServer(
  contents: Record<string, Buffer | string>,
  faults: Record<string, Fault> = {},
): Promise<ReleaseServer> {
  const requests: string[] = [];
  const left = new Map(Object.entries(faults).map(([name, { times = 1 }]) => [name, times]));
  const server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push([path, request.headers.range].filter((part) => part !== undefined).join(" "));
    const name = Object.keys(faults).find((end) => path.endsWith(end)) ?? "";
    const fault = faults[name];
    if (fault?.hang === true) return;
    if (fault?.status !== undefined) return void response.writeHead(fault.status).end();
    const content = contents[path];
    if (content === undefined) return void response.writeHead(404).end();
    const cut = fault?.cutAfter !== undefined && (left.get(name) ?? 0) > 0 ? fault.cutAfter : undefined;
    if (cut !== undefined) left.set(name, (left.get(name) ?? 0) - 1);
    send(response, Buffer.from(content), request.headers.range, cut);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function send(response: ServerResponse, whole: Buffer, range: string | undefined, cut: number | undefined): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  if (from >= whole.length && from > 0) return void response.writeHead(416).end();
  const body = whole.subarray(from);
  response.writeHead(range === undefined ? 200 : 206, {
    "content-length": body.length,
    ...(range === undefined ? {} : { "content-range": `bytes ${from}-${whole.length - 1}/${whole.length}` }),
  });
  if (cut === undefined) return void response.end(body);
  response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
}
