import { isDeepStrictEqual } from "node:util";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { KnownStack } from "./knownStack.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OpenState } from "./openState.ts";
import type { OperationContext } from "./OperationContext.ts";

/**
 * What is known of the stack's last apply. Where the state is shared it says so itself, since others apply too. Where
 * the state of an applied stack is gone, nothing is known, so that the provider is searched before anything is made;
 * throws AppError `state.gone` where that cannot be done.
 *
 * @param canRebuild whether a search at the provider finds all that the state knew
 * @param outside where a second journal is kept
 */
export function knownFrom(
  { content: state, emptied, lost }: Pick<OpenState, "content" | "emptied" | "lost">,
  remembered: KnownStack | undefined,
  { stack, configuration }: Pick<LoadedStack, "stack" | "configuration">,
  { canRebuild, outside }: { canRebuild: boolean; outside: string | undefined },
  { ports }: Pick<OperationContext, "ports">,
): KnownStack | undefined {
  if (emptied) return undefined;
  // What the stack's directory knew may be gone with it; the journal has a second place.
  if ((remembered !== undefined || lost) && state === undefined) {
    const sentence = `the state of ${stack.name} is gone, although the stack was applied`;
    const restore = remembered === undefined ? "recover" : "state restore";
    const hint = `landfall ${restore} ${stack.name} puts back the newest good copy; where the machine is gone too, remove ${remembered === undefined ? outside : "known.json in the stack's directory"}`;
    if (!canRebuild) throw new AppError("state.gone", sentence, { hint, exit: exitCodes.recovery });
    ports.emit({
      type: "notice",
      level: "warning",
      code: "state.gone",
      message: `${sentence}: what exists is searched for and taken over`,
    });
    return undefined;
  }
  // What an apply that was not finished has left is not what was applied.
  const applied = remembered?.unfinished === true ? undefined : remembered;
  if (configuration.state.backend === "local") return applied;
  const outputs = state?.outputs["provider"]?.value;
  if (typeof outputs !== "object" || outputs === null) return undefined;
  const same = isDeepStrictEqual(outputs, applied?.outputs);
  const { ready, prepared } = applied ?? {};
  return {
    outputs: outputs as Record<string, unknown>,
    ...(same && ready ? { ready } : {}),
    ...(same && prepared ? { prepared } : {}),
  };
}
