import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { ConnectionFailure, ShownCertificate } from "../ports/Network.ts";
import { connectionFailure } from "./connectionFailure.ts";

export function exchange(
  host: string,
  port: number,
  message: Uint8Array,
  timeoutMs: number,
): Promise<Uint8Array | ConnectionFailure> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(host) === 6 ? "udp6" : "udp4");
    const settle = (result: Uint8Array | ConnectionFailure): void => {
      clearTimeout(timer);
      socket.removeAllListeners().on("error", () => undefined);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => settle("timeout"), timeoutMs);
    socket.once("error", (error) => settle(connectionFailure(error)));
    socket.once("message", (answer) => settle(answer));
    // Connected, so that a closed port is told.
    socket.connect(port, host, () => socket.send(message));
  });
}

export function certificate(
  host: string,
  port: number,
  name: string,
  timeoutMs: number,
): Promise<ShownCertificate | ConnectionFailure> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      // Seen first, judged then.
      rejectUnauthorized: false,
    });
    const settle = (result: ShownCertificate | ConnectionFailure): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle("timeout"), timeoutMs);
    socket.once("error", (error: NodeJS.ErrnoException) => settle(connectionFailure(error)));
    socket.once("close", () => settle("closed"));
    socket.once("secureConnect", () => {
      const { authorizationError: distrust } = socket;
      settle({
        validToMs: Date.parse(socket.getPeerCertificate().valid_to),
        distrust: socket.authorized ? undefined : String(distrust),
      });
    });
  });
}
