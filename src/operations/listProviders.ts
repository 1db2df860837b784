import { discoverProviders, type Discovery } from "../providers/discoverProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Every provider folder, the broken ones with their reason. Executes nothing of theirs. */
export async function listProviders({ ports, workspace }: OperationContext): Promise<Discovery> {
  return discoverProviders(workspace, ports.machine.environment["LANDFALL_PROVIDERS_PATH"], ports.files);
}
