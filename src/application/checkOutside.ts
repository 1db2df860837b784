import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import type { Network } from "../ports/Network.ts";
import type { Ports } from "../ports/Ports.ts";
import type { ReleaseCheck } from "./Release.ts";

export interface OutsideReport {
  name: string;
  outcome: "good" | "bad";
  message: string;
  from: "outside";
}

type Sight = readonly [good: boolean, message: string];

/** Makes one check from this computer; `address` is the server's, which a check calls 127.0.0.1. */
export async function checkOutside(
  check: ReleaseCheck,
  address: string,
  ports: Pick<Ports, "network" | "clock">,
): Promise<OutsideReport> {
  const [good, message] = await look(check, address, ports);
  return { name: check.name, outcome: good ? "good" : "bad", message, from: "outside" };
}

async function look(
  check: ReleaseCheck,
  address: string,
  { network, clock }: Pick<Ports, "network" | "clock">,
): Promise<Sight> {
  if (!hasAddress(check)) return [false, "the check's address is none"];
  if (check.http !== undefined) return http(check, check.http, address, network);
  if (check.tcp !== undefined) return tcp(check, check.tcp, address, network);
  if (check.udp_tracker !== undefined) return udpTracker(check, check.udp_tracker, address, network);
  return tls(check, check.tls ?? "", address, network, clock.now());
}

/** Neither the address nor what came is told: there may be a token in it. */
async function http(check: ReleaseCheck, text: string, address: string, network: Network): Promise<Sight> {
  const url = new URL(text);
  url.hostname = outsideHost(url.hostname, address);
  const answer = await network
    .request({
      url: url.href,
      timeoutMs: check.timeout * 1000,
      ...(check.host === undefined ? {} : { headers: { host: check.host } }),
    })
    .catch(() => undefined);
  if (answer === undefined) return [false, `no answer within ${check.timeout} s`];
  const expected = check.status ?? 200;
  if (answer.status !== expected) return [false, `answered ${answer.status}, not ${expected}`];
  const lacking = check.contains !== undefined && !answer.text.includes(check.contains);
  return lacking
    ? [false, `answered ${answer.status}, but without what it has to contain`]
    : [true, `answered ${answer.status}`];
}

async function tcp(check: ReleaseCheck, text: string, address: string, network: Network): Promise<Sight> {
  const { host, port } = place(text, address);
  const seen = await network.connect(host, port, check.timeout * 1000);
  return typeof seen === "object" ? [true, "takes connections"] : [false, failures[seen]];
}

/** The connect of BEP 15: the answer repeats our number. Datagrams get lost: there are three tries. */
async function udpTracker(check: ReleaseCheck, text: string, address: string, network: Network): Promise<Sight> {
  const { host, port } = place(text, address);
  const tries = 3;
  let seen: Sight = [false, failures.timeout];
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const transaction = randomBytes(4);
    const message = Buffer.concat([Buffer.from("0000041727101980", "hex"), Buffer.alloc(4), transaction]);
    const answer = await network.exchange(host, port, message, (check.timeout * 1000) / tries);
    if (typeof answer === "string") {
      seen = [false, failures[answer]];
      continue;
    }
    const bytes = Buffer.from(answer);
    if (bytes.length >= 16 && bytes.readUInt32BE(0) === 0 && bytes.subarray(4, 8).equals(transaction))
      return [true, "answered the handshake"];
    seen = [false, "answered something that is no handshake"];
  }
  return seen;
}

async function tls(check: ReleaseCheck, text: string, address: string, network: Network, now: number): Promise<Sight> {
  const { host, port } = place(text, address);
  const seen = await network.certificate(host, port, check.host ?? host, check.timeout * 1000);
  if (typeof seen === "string") return [false, failures[seen]];
  const days = (seen.validToMs - now) / 86_400_000;
  if (days < 0) return [false, `the certificate expired ${(-days).toFixed(1)} days ago`];
  const least = check.days ?? 14;
  if (days < least) return [false, `the certificate is good for ${days.toFixed(1)} days, not ${least}`];
  if (check.verify !== false && seen.distrust !== undefined)
    return [false, `the certificate is not trusted: ${seen.distrust}`];
  return [true, `the certificate is good for ${Math.round(days)} days`];
}

const failures = {
  refused: "connection refused",
  unreachable: "it cannot be reached",
  timeout: "no answer in time",
  closed: "the connection is closed at once",
};

function hasAddress({ http: url, tcp: socket, udp_tracker: tracker, tls: server }: ReleaseCheck): boolean {
  if (url !== undefined) return URL.canParse(url);
  const { port } = place(socket ?? tracker ?? server ?? "", "127.0.0.1");
  return Number.isInteger(port) && port > 0 && port < 65536;
}

function place(text: string, address: string): { host: string; port: number } {
  const colon = text.lastIndexOf(":");
  const host = colon === -1 ? "127.0.0.1" : text.slice(0, colon).replaceAll(/[[\]]/g, "");
  return { host: outsideHost(host, address).replaceAll(/[[\]]/g, ""), port: Number(text.slice(colon + 1)) };
}

function outsideHost(host: string, address: string): string {
  const local = ["127.0.0.1", "localhost", "::1", "[::1]"].includes(host);
  if (!local) return host;
  return isIP(address) === 6 ? `[${address}]` : address;
}
