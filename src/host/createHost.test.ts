import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../events/Event.ts";
import { realPorts } from "../system/realPorts.ts";
import { createHost } from "./createHost.ts";

const events: Event[] = [];
const ports = realPorts((event) => void events.push(event));
const root = ports.machine.userId === 0;
let cache: string;

beforeAll(async () => {
  cache = await ports.files.temporaryDirectory("landfall-host-");
});
afterAll(() => ports.files.remove(cache));
afterEach(() => void events.splice(0));

const host = () => createHost({ scope: "acme", cache, unattended: true }, ports);

describe("steps", () => {
  test("tell their start and their end", async () => {
    await expect(host().step("a thing", async () => 7)).resolves.toBe(7);
    expect(events.map(({ type }) => type)).toEqual(["step.started", "step.finished"]);
  });

  test("tell their failure and pass it on", async () => {
    const work = host().step("a thing", async () => {
      throw new Error("broken");
    });
    await expect(work).rejects.toThrow("broken");
    expect(events.at(-1)).toMatchObject({ type: "step.failed", title: "a thing", message: "broken" });
  });
});

test("one holder at a time", async () => {
  let inside = 0;
  let most = 0;
  const work = (): Promise<void> =>
    host().exclusively("thing", async () => {
      inside += 1;
      most = Math.max(most, inside);
      await ports.clock.sleep(20);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 8 }, work));
  expect(most).toBe(1);
});

test.runIf(host().packages.supported)("missing packages are those that are not installed", async () => {
  expect(await host().packages.missing(["base-files", "no-such-package-of-landfall"])).toEqual([
    "no-such-package-of-landfall",
  ]);
});

describe("downloads", () => {
  const content = "0123456789".repeat(5000);
  const sum = createHash("sha256").update(content).digest("hex");
  let server: Server;
  let base: string;
  const ranges: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/SHA256SUMS") return response.end(`${sum} *image.img\n`);
      ranges.push(request.headers.range);
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (request.url === "/cut/image.img" && from === 0) {
        response.writeHead(200, { "content-length": content.length });
        response.write(content.slice(0, 9000), () => response.destroy());
        return undefined;
      }
      response.writeHead(from > 0 ? 206 : 200, { "content-length": content.length - from });
      return response.end(content.slice(from));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test("are checked against a list of checksums", async () => {
    const path = join(cache, "listed.img");
    await host().download({ url: `${base}/image.img`, path, checksum: `${base}/SHA256SUMS` });
    expect(await ports.files.read(path)).toBe(content);
  });

  test("with a wrong checksum never get their name, and nothing is left", async () => {
    const path = join(cache, "wrong.img");
    const download = host().download({ url: `${base}/image.img`, path, checksum: `sha256:${"0".repeat(64)}` });
    await expect(download).rejects.toMatchObject({ code: "download.checksum" });
    expect(await ports.files.exists(path)).toBe(false);
    expect(await ports.files.exists(`${path}.part`)).toBe(false);
  });

  test("that were cut off go on where they stopped", async () => {
    const path = join(cache, "cut.img");
    const request = { url: `${base}/cut/image.img`, path, checksum: `sha256:${sum}` };
    await expect(host().download(request)).rejects.toMatchObject({ code: "network.unreachable" });
    await host().download(request);
    expect(await ports.files.read(path)).toBe(content);
    expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  });
});

/** Mounting needs root; elsewhere this says loudly that it was left out. */
describe.runIf(root)("daemons", () => {
  test("do not see hidden devices, keep the others usable, and write with the usual umask", async () => {
    const report = join(cache, "report");
    const script = `exec >'${report}'; ls /dev; umask; : > /dev/null; test -c /dev/ptmx && ls -d /dev/pts`;
    const before = process.umask(0o077);
    try {
      await host().services.daemon("sh", ["-c", script], { hideDevices: ["zero"] });
    } finally {
      process.umask(before);
    }
    const lines = (await ports.files.read(report))?.split("\n") ?? [];
    expect(lines).not.toContain("zero");
    expect(lines).toEqual(expect.arrayContaining(["null", "urandom", "0022", "/dev/pts"]));
    expect(await ports.files.exists("/dev/zero")).toBe(true);
  });

  test("that do not start say why", async () => {
    const start = host().services.daemon("sh", ["-c", "echo no such thing >&2; exit 3"]);
    await expect(start).rejects.toMatchObject({
      code: "host.service",
      message: expect.stringContaining("no such thing"),
    });
  });
});
if (!root) process.stderr.write("src/host: the tests of daemons need root and were left out\n");
