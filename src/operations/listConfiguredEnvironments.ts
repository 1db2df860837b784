import { listEnvironments, type EnvironmentEntry } from "../configuration/listEnvironments.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Every environment: configured, or only a template. */
export async function listConfiguredEnvironments({ ports, workspace }: OperationContext): Promise<EnvironmentEntry[]> {
  return listEnvironments(workspace, ports.files);
}
