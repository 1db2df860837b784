import { checkOutside } from "../../application/checkOutside.ts";
import type { Release } from "../../application/Release.ts";
import type { CheckReport } from "../../remote/AgentCall.ts";
import { isOn } from "../isOn.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import { withRun } from "../withRun.ts";
import { changeServer, type ServerChange } from "./changeServer.ts";
import { checked } from "./hearAgent.ts";
import { openImageArchive } from "./imageArchive.ts";
import { loadRelease } from "./loadRelease.ts";

export interface DeployOptions {
  selector: string;
  set: readonly string[];
  /** An archive with the images, for servers that reach no registry. */
  images: string | undefined;
  /** Also where the same content serves already. */
  force: boolean;
}

export interface DeployResult extends ServerChange {
  stack: string;
  run: string;
  application: string;
  title: string;
  durationMs: number;
}

/** Makes a release of the application and lets it serve, or leaves the former one serving. */
export async function deployStack(options: DeployOptions, context: OperationContext): Promise<DeployResult> {
  const { ports } = context;
  const began = ports.clock.now();
  const reached = await reachStack(options.selector, context, { set: options.set, forApplication: true });
  const images = options.images === undefined ? undefined : await openImageArchive(options.images, ports);
  const release = await loadRelease(reached.configuration, images?.hash ?? "", context);
  const skipHealth = isOn(ports.machine.environment["SKIP_HEALTH_CHECK"]);
  return withRun(reached, "deploy", context, async (run) => {
    const request = {
      command: "deploy",
      release,
      force: options.force,
      skip_health: skipHealth,
      images: images === undefined ? null : { size: images.size },
    };
    const change = await changeServer(reached, request, images?.content(), run);
    const outside = skipHealth ? [] : await lookFromOutside(release, reached.address, run);
    return {
      ...change,
      checks: [...change.checks, ...outside],
      stack: reached.stack.name,
      run: run.run.id,
      application: release.application,
      title: release.title,
      durationMs: ports.clock.now() - began,
    };
  });
}

/** The release serves: what cannot be reached from here is the network's matter, and no reason to go back. */
async function lookFromOutside(
  { health }: Release,
  address: string,
  { ports }: OperationContext,
): Promise<CheckReport[]> {
  const declared = health.filter(({ from }) => from.includes("outside"));
  const reports = await Promise.all(declared.map((check) => checkOutside(check, address, ports)));
  for (const report of reports) ports.emit(checked(report));
  return reports;
}
