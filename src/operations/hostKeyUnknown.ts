import type { Files } from "../ports/Files.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";

/** Whether the machine has a host key of its own that nobody has accepted yet: strict checking lets nobody in. */
export async function hostKeyUnknown({ adoptedHostKeys }: StackPaths, files: Files): Promise<boolean> {
  return (await files.read(adoptedHostKeys)) === "";
}

export function acceptHostKey(stack: string): string {
  return `landfall migrate --stack ${stack} --accept-host-key FINGERPRINT`;
}
