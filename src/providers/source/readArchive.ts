import { gunzipSync } from "node:zlib";
import { AppError } from "../../errors.ts";
import type { Files } from "../../ports/Files.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { FolderFile } from "../FolderFile.ts";
import { folderLimits, folderTooLarge, unfitFolder } from "../folderProblems.ts";
import { readTar } from "./readTar.ts";

export type FetchPorts = Pick<Ports, "files" | "processes" | "machine"> & { interrupt?: AbortSignal };

/** Headers and padding come on top of the content. */
const mostBytes = folderLimits.bytes * 2;

/** The files of a tar archive, compressed or not, never more than a provider folder may have. */
export async function readArchive(archive: string, shown: string, files: Files): Promise<FolderFile[]> {
  const size = (await files.status(archive))?.size ?? 0;
  if (size > mostBytes) throw folderTooLarge(shown);
  const bytes = (await files.readBytes(archive)) ?? new Uint8Array();
  try {
    const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return readTar(compressed ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes);
  } catch (error) {
    if (error instanceof RangeError) throw folderTooLarge(shown);
    throw unfitFolder(shown, [{ message: error instanceof Error ? error.message : String(error), where: shown }]);
  }
}

export function fetchFailed(shown: string, why: string, output: readonly string[]): AppError {
  return new AppError("provider.fetch", `${shown} cannot be fetched: ${why}`, {
    hint: "check the source and the network, then run the same command again: nothing was changed",
    problems: output
      .filter((line) => line !== "")
      .slice(-8)
      .map((message) => ({ message })),
  });
}
