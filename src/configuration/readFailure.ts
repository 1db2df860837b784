/** Why a file could not be read, in words; rethrows what is no matter of that file. */
export function readFailure(error: unknown): string {
  const reason = reasons[String((error as { code?: unknown }).code)];
  if (reason === undefined) throw error;
  return reason;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  ELOOP: "it is a link that leads to itself",
  EIO: "the device failed",
};
