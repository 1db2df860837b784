import { join } from "node:path";
import { agentPackage } from "../../remote/agentBootstrap.ts";
import type { OperationContext } from "../OperationContext.ts";

const modules = "landfall_agent";

/** The agent that belongs to this Landfall, as it is sent. */
export async function readAgent({
  ports,
  packageRoot,
}: Pick<OperationContext, "ports" | "packageRoot">): Promise<Uint8Array> {
  const { files } = ports;
  const folder = join(packageRoot, "agent");
  const names = ((await files.list(join(folder, modules))) ?? []).filter((name) => name.endsWith(".py"));
  const paths = ["__main__.py", ...names.map((name) => join(modules, name))];
  const entries = await Promise.all(
    paths.map(async (path) => [path, (await files.read(join(folder, path))) ?? ""] as const),
  );
  return agentPackage(Object.fromEntries(entries));
}
