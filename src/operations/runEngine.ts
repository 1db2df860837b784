import { isDeepStrictEqual } from "node:util";
import { confirm } from "./confirmPlan.ts";
import { journalOf } from "./journalOf.ts";
import { keepSnapshot } from "./keepSnapshot.ts";
import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { presentStateHead } from "./presentStateHead.ts";
import { readyStack } from "./readyStack.ts";
import { soughtBy } from "./soughtBy.ts";
import { withRun } from "./withRun.ts";

export interface EngineResult {
  stack: string;
  status: number;
}

/** Commands of the engine that change what exists, or what the state knows of it. */
const changing = /^(apply|destroy|import|refresh|taint|untaint|state (mv|rm|push|replace-provider))\b/;

/**
 * Gives the terminal to the engine, in the stack's directory and with its environment. What changes something needs the
 * stack's name in a protected environment, is preceded by a snapshot, and is searched for afterwards where it did not end
 * well.
 */
export async function runEngine(
  options: { stack: string; arguments: readonly string[] },
  context: OperationContext,
): Promise<EngineResult> {
  const ready = await readyStack({ stack: options.stack, set: [], persist: true, yes: false }, context);
  return withRun(ready.loaded, "tofu", context, async (run) => {
    const open = await openStack(ready, run);
    const raw = (): Promise<number> => open.engine.raw(options.arguments);
    const words = options.arguments.filter((argument) => !argument.startsWith("-")).join(" ");
    if (!changing.test(words)) return { stack: open.stack.name, status: await raw() };
    if (open.configuration.standard.protected) await confirm("change", "by-hand", open, false, run);
    const kept = await keepSnapshot(open, ready.computer, run);
    const journal = await journalOf(open, run);
    const { id, started } = run.run;
    const before = kept === undefined ? {} : { state: kept.state, snapshot: kept.name };
    const entry = { run: id, operation: "tofu", started, expected: [], soughtBy: soughtBy(open), ...before };
    await journal.write(entry);
    const status = await raw();
    const left = await presentStateHead(open, run);
    // It may have been refused, or declined at its own question.
    const killed = status >= 128;
    if (status === 0 || (!killed && isDeepStrictEqual(left, kept?.state))) {
      const closed = new Date(run.ports.clock.now()).toISOString();
      await journal.write({ ...entry, ...(left === undefined ? {} : { left }), closed, ending: "finished" });
    }
    return { stack: open.stack.name, status };
  });
}
