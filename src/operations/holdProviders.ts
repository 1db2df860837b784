import { createHash } from "node:crypto";
import { join } from "node:path";
import { holdExclusively } from "../holdExclusively.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Runs `work` while no other process of this user changes the providers of this clone. */
export async function holdProviders<T>({ ports, workspace }: OperationContext, work: () => Promise<T>): Promise<T> {
  const place = (await ports.files.realPath(workspace.root)) ?? workspace.root;
  const clone = createHash("sha256").update(place).digest("hex").slice(0, 16);
  return holdExclusively(join(workspace.cache, "clones"), `providers-${clone}`, work, ports);
}
