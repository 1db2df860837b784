import { createHash } from "node:crypto";
import { join } from "node:path";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports/Ports.ts";
import { engineVersion } from "./engineVersion.ts";
import { step, type Step } from "./step.ts";

export interface DownloadedEngine {
  /** The unpacked binary, not yet in its place. */
  program: string;
  url: string;
  sha256: string;
}

const releases = "https://github.com/opentofu/opentofu/releases/download";
/** Who has no release within this time builds from source instead. */
const firstAnswerMs = 5_000;
const pauseMs = 30_000;
const attempts = 3;

/**
 * Fetches the official release into `directory` and checks it against the published checksums.
 * Throws `network.*` where it cannot be had, `engine.checksum` where it is not what was published.
 */
export async function downloadEngine(directory: string, ports: Ports): Promise<DownloadedEngine> {
  const { files, machine, network, processes } = ports;
  const base = (machine.environment["LANDFALL_RELEASES_URL"] || releases).replace(/\/+$/, "");
  const name = `tofu_${engineVersion}_${machine.system}_${machine.architecture}.tar.gz`;
  const url = `${base}/v${engineVersion}/${name}`;
  const sums = await network.fetchText(`${base}/v${engineVersion}/tofu_${engineVersion}_SHA256SUMS`, firstAnswerMs);
  const expected = sumOf(name, sums, url);
  const archive = join(directory, `${name}.part`);
  const title = `engine, OpenTofu ${engineVersion}`;

  return step("engine", title, ports, async (current) => {
    const resumed = await files.exists(archive);
    await fetchArchive(url, archive, current, ports);
    // What an earlier run left may be of another file: only a fresh transfer can be blamed.
    if (resumed && (await sha256Of(archive, ports)) !== expected) {
      await files.remove(archive);
      await fetchArchive(url, archive, current, ports);
    }
    const found = await sha256Of(archive, ports);
    if (found !== expected) {
      await files.remove(archive);
      throw wrongChecksum(url, expected, found);
    }
    const unpacked = await processes.run({ program: "tar", arguments: ["-xzf", archive, "-C", directory, "tofu"] });
    if (unpacked.status !== 0) {
      throw new AppError("engine.unpack", `${archive} cannot be unpacked: ${unpacked.stderr.trim()}`, {
        hint: "check that tar and gzip are installed and that the disk has room, then run the same command again",
      });
    }
    const program = join(directory, "tofu.new");
    await files.rename(join(directory, "tofu"), program);
    await files.remove(archive);
    return { program, url, sha256: found };
  });
}

async function fetchArchive(url: string, path: string, { progress }: Step, { network }: Ports): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await network.download(url, path, {
        timeoutMs: pauseMs,
        onProgress: (done, total) => progress(done, total, "bytes"),
      });
      return;
    } catch (error) {
      const broken = error instanceof AppError && error.code === "network.unreachable";
      if (!broken || attempt === attempts) throw error;
    }
  }
}

function sumOf(name: string, sums: string, url: string): string {
  for (const line of sums.split("\n")) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (file === name && sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  // As good as a release that is not there: the next way is due.
  throw new AppError("network.status", `no checksum is published for ${url}`, {
    hint: "check LANDFALL_RELEASES_URL",
  });
}

async function sha256Of(path: string, { files }: Ports): Promise<string> {
  const bytes = await files.readBytes(path);
  return createHash("sha256")
    .update(bytes ?? new Uint8Array())
    .digest("hex");
}

function wrongChecksum(url: string, expected: string, found: string): AppError {
  return new AppError("engine.checksum", `${url} has not the published checksum; it was removed`, {
    hint: "somebody between here and there may have changed it: try from another network, or install OpenTofu by hand and name it with LANDFALL_TOFU",
    problems: [{ message: `published: ${expected}` }, { message: `downloaded: ${found}` }],
  });
}
