import type { FileStep } from "../../configuration/migration/Migration.ts";
import type { OldTree } from "../../configuration/migration/readOldTree.ts";
import { AppError, type Problem } from "../../errors.ts";
import type { Provider } from "../../providers/Provider.ts";
import type { OperationContext } from "../OperationContext.ts";
import { showConfiguration } from "../showConfiguration.ts";
import type { StateStep } from "./findOldStack.ts";

export interface StackCheck {
  stack: string;
  valid: boolean;
  problems: readonly Problem[];
}

/** What `config check` says of every environment on every provider that has a file, or the old state. */
export async function checkMigrated(
  tree: OldTree,
  steps: readonly FileStep[],
  providers: readonly Provider[],
  state: StateStep,
  context: OperationContext,
): Promise<StackCheck[]> {
  const configured = new Set(steps.map(({ to = "" }) => /\/providers\/(.+)\.env$/.exec(to)?.[1]));
  if ("stack" in state) configured.add(state.stack.provider);
  const quiet = { ...context, ports: { ...context.ports, emit: () => undefined } };
  const checks: StackCheck[] = [];
  for (const { name: environment } of tree.environments) {
    for (const { name: provider } of providers.filter(({ name }) => configured.has(name))) {
      const stack = `${environment}/${provider}`;
      try {
        await showConfiguration({ stack, set: [], forService: true }, quiet);
        checks.push({ stack, valid: true, problems: [] });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const problems = error.problems.length > 0 ? error.problems : [{ message: error.message, hint: error.hint }];
        checks.push({ stack, valid: false, problems });
      }
    }
  }
  return checks;
}
