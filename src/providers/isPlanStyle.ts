import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import { planStyleScript } from "./shell/planStyle.ts";

/** Whether a folder is one of the plan's own style: `provider.sh` and no manifest. */
export async function isPlanStyle(folder: string, files: Files): Promise<boolean> {
  return !(await files.exists(join(folder, "provider.yaml"))) && (await files.exists(join(folder, planStyleScript)));
}
