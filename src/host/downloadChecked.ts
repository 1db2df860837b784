import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, dirname } from "node:path";
import { AppError } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import type { DownloadRequest } from "./Host.ts";

/** Progress is told at most this often. */
const progressMs = 500;

/** Downloads with resume; only a file with the right checksum gets its name. */
export async function downloadChecked(request: DownloadRequest, scope: string, ports: Ports): Promise<void> {
  const { files, network, clock, emit } = ports;
  const partial = `${request.path}.part`;
  const name = basename(new URL(request.url).pathname);
  const step = `${scope}-download-${name}`;
  const title = `download of ${name}`;
  const timeoutMs = request.connectTimeoutMs ?? 10_000;
  await files.makeDirectory(dirname(request.path));
  const expected = await expectedSha256(request, name, timeoutMs, ports);

  const started = clock.now();
  let told = 0;
  emit({ type: "step.started", step, title });
  try {
    await network.download(request.url, partial, {
      timeoutMs,
      onProgress: (done, total) => {
        if (clock.now() - told < progressMs) return;
        told = clock.now();
        emit({ type: "step.progress", step, title, done, ...(total === undefined ? {} : { total }), unit: "bytes" });
      },
    });
    if (expected !== undefined && (await sha256(partial)) !== expected) {
      await files.remove(partial);
      throw new AppError("download.checksum", `${request.url} is not what its checksum says: it was removed`, {
        hint: "run the same command again; if it repeats, the address or the checksum is wrong, or somebody changed the file",
      });
    }
    await files.rename(partial, request.path);
    emit({ type: "step.finished", step, title, durationMs: clock.now() - started });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    emit({ type: "step.failed", step, title, durationMs: clock.now() - started, message });
    throw error;
  }
}

async function expectedSha256(
  { checksum }: DownloadRequest,
  name: string,
  timeoutMs: number,
  { network }: Ports,
): Promise<string | undefined> {
  if (checksum === undefined || checksum === "") return undefined;
  const direct = /^sha256:([0-9a-f]{64})$/i.exec(checksum)?.[1];
  if (direct !== undefined) return direct.toLowerCase();
  const sums = await network.fetchText(checksum, timeoutMs);
  for (const line of sums.split("\n")) {
    const [hash, file] = line.trim().split(/\s+\*?/);
    if (file === name && hash !== undefined && /^[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  }
  throw new AppError("download.noChecksum", `${checksum} lists no checksum of ${name}`, {
    hint: "give sha256:HEX or the address of a SHA256SUMS file that names the download",
  });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
