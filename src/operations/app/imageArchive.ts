import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";

export interface ImageArchive {
  size: number;
  /** Of the content, in hexadecimal. */
  hash: string;
  /** The content; tells of how much has been taken. */
  content(): AsyncIterable<Uint8Array>;
}

/** An archive that `docker save` made. Throws AppError `deploy.noArchive`. */
export async function openImageArchive(
  given: string,
  { files, emit }: Pick<Ports, "files" | "emit">,
): Promise<ImageArchive> {
  const path = resolve(given);
  const real = await files.realPath(path);
  const status = real === undefined ? undefined : await files.status(real);
  if (real === undefined || status?.kind !== "file") {
    throw new AppError("deploy.noArchive", `there is no file ${path}`, {
      hint: "make one where there is internet: docker save IMAGE... | gzip >ARCHIVE",
      exit: exitCodes.usage,
    });
  }
  const total = status.size;
  const hash = createHash("sha256");
  for await (const piece of files.stream(real)) hash.update(piece);
  return {
    size: total,
    hash: hash.digest("hex"),
    async *content() {
      let done = 0;
      for await (const piece of files.stream(real)) {
        yield piece;
        done += piece.length;
        emit({
          type: "step.progress",
          step: "upload",
          title: "images, sent to the server",
          done,
          total,
          unit: "bytes",
        });
      }
    },
  };
}
