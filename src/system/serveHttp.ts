import { createServer, type IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { HttpServer, ServedReply, ServedRequest } from "../ports/Network.ts";

/** Larger requests are cut off: nothing that a plugin sends comes near. */
const mostBytes = 16 * 1024 * 1024;

/** Whoever has nothing else to do has to wait for something by themselves: a server alone keeps no process alive. */
export function serveHttp(port: number, answer: (request: ServedRequest) => Promise<ServedReply>): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    void read(incoming)
      .then(answer)
      .then((reply) => {
        if (reply === "reset") return incoming.socket.resetAndDestroy();
        outgoing.writeHead(reply.status, reply.headers);
        return outgoing.end(reply.text);
      })
      .catch(() => incoming.socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(noPort(port, error)));
    server.listen(port, "127.0.0.1", () => {
      server.unref();
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function read(incoming: IncomingMessage): Promise<ServedRequest> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes) throw new Error("the request is too large");
    parts.push(part);
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return {
    method: incoming.method ?? "GET",
    target: incoming.url ?? "/",
    headers: Object.fromEntries(headers) as Record<string, string>,
    text: Buffer.concat(parts).toString("utf8"),
  };
}

function noPort(port: number, error: NodeJS.ErrnoException): Error {
  return new AppError("network.port", `port ${port} of this computer cannot be used: ${error.code ?? error.message}`, {
    hint: "choose another one with --port, or leave it out: any free one is taken then",
    exit: exitCodes.usage,
  });
}
