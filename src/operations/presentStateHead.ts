import type { StateHead } from "../stacks/JournalEntry.ts";
import { stateHead } from "../stacks/stateHead.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

/** Lineage and serial of the stack's state as it is now, wherever that is kept; undefined where there is none, or a damaged one. */
export async function presentStateHead(
  { configuration, paths, engine }: Pick<OpenStack, "configuration" | "paths" | "engine">,
  { ports: { files } }: Pick<RunContext, "ports">,
): Promise<StateHead | undefined> {
  return stateHead(configuration.state.backend === "local" ? await files.read(paths.state) : await engine.statePull());
}
