import { join, relative, resolve } from "node:path";
import type { DeclaredApplication } from "../configuration/DeclaredApplication.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Gives what `loadConfiguration` takes: reads application.yaml of the folder that the configuration names. */
export function declaredApplication({
  workspace,
  ports: { files },
}: Pick<OperationContext, "workspace" | "ports">): (directory: string) => Promise<DeclaredApplication | undefined> {
  return async (directory) => {
    const path = join(resolve(workspace.root, directory), "application.yaml");
    const text = await files.read(path);
    if (text === undefined) return undefined;
    // Loaded only where there is one.
    const { parseApplication } = await import("../application/parseApplication.ts");
    const file = relative(workspace.root, path);
    const { application, problems, where } = parseApplication(text, file);
    if (application === undefined) return { file, settings: {}, openPorts: undefined, problems };
    const settings = Object.entries(application.settings).map(([name, { secret, default: standard }]) => [
      name,
      { secret, ...(standard === undefined ? {} : { default: standard }), ...lineOf(where(["settings", name])) },
    ]);
    return {
      file,
      settings: Object.fromEntries(settings) as DeclaredApplication["settings"],
      openPorts: { text: application.open_ports.join(","), ...lineOf(where(["open_ports"])) },
      problems,
    };
  };
}

function lineOf(place: string): { line?: number } {
  const line = /:(\d+)$/.exec(place)?.[1];
  return line === undefined ? {} : { line: Number(line) };
}
