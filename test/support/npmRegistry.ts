import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry of one package, on the loopback address. */
export async function npmRegistry(name: string, version: string, tarball: Buffer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { url = "" } = request;
    asked.push(url);
    if (url.endsWith(".tgz")) return response.writeHead(200).end(tarball);
    if (decodeURIComponent(url) !== `/${name}`) return response.writeHead(404).end("{}");
    const dist = {
      tarball: `${origin()}/${name}/-/package-${version}.tgz`,
      integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
    };
    const versions = { [version]: { name, version, dist } };
    return response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    origin: origin(),
    asked,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
