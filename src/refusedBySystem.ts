import { AppError } from "./errors.ts";

const refusals: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ["permission denied", "give this user access to it, or point what names it elsewhere"],
  EPERM: ["not permitted", "give this user access to it"],
  EROFS: ["the file system is read-only", "use a tree and a cache that can be written (LANDFALL_ROOT, LANDFALL_CACHE)"],
  ENOSPC: ["no space is left", "free some space on that file system"],
  EDQUOT: ["the quota is used up", "free some space"],
  EMFILE: ["too many files are open", "raise the limit (ulimit -n)"],
  EIO: ["the device failed", "check the disk"],
};

/** What the system did not let us do is no bug: a full disk, a file of somebody else's. */
export function refusedBySystem(error: unknown): AppError | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  const { code, syscall } = error;
  // Of a file that is open the system does not tell the name.
  const place = "path" in error ? String(error.path) : "a file";
  const [reason, hint] = refusals[String(code)] ?? [];
  if (reason === undefined || hint === undefined) return undefined;
  return new AppError(`system.${String(code)}`, `${place}: ${reason} (${String(syscall)})`, {
    hint: `${hint}, then run the same command again`,
    cause: error,
  });
}
