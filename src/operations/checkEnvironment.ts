import { join, relative } from "node:path";
import { unknownEnvironment } from "../configuration/environmentErrors.ts";
import { environmentNames } from "../configuration/environmentNames.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Throws `environment.unknown` where neither a file nor a template has this name. Reads no value. */
export async function checkEnvironment(name: string, { workspace, ports }: OperationContext): Promise<void> {
  const names = await environmentNames(workspace, ports.files);
  if (names.includes(name)) return;
  const file = relative(workspace.root, join(workspace.environmentConfiguration, `${name}.env`));
  throw unknownEnvironment(name, file, names);
}
