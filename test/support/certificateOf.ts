import type { X509Certificate } from "node:crypto";
import { connect } from "node:tls";

/** What a server shows for a name, whoever issued it. */
export function certificateOf(host: string, name: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 443, servername: name, rejectUnauthorized: false, timeout: 20_000 }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error("no certificate"));
      else resolve(certificate);
    });
    socket.once("error", reject);
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
  });
}
