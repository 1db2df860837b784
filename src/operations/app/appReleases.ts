import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import type { ReleaseSummary } from "./appStatus.ts";
import { readAgent } from "./readAgent.ts";

export interface AppReleases {
  stack: string;
  /** Newest first. */
  releases: (ReleaseSummary & { title: string; serves: boolean })[];
}

/** The releases that a server keeps. */
export async function appReleases(selector: string, context: OperationContext): Promise<AppReleases> {
  const { stack, target } = await reachStack(selector, context);
  const call = { target, stack: stack.name, agent: await readAgent(context), request: { command: "releases" } };
  return { stack: stack.name, ...(await callAgent<Omit<AppReleases, "stack">>(call, context.ports)) };
}
