import { loadConfiguration } from "../configuration/loadConfiguration.ts";
import { parseAssignments } from "../configuration/parseAssignments.ts";
import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import { noProvider } from "../providers/noProvider.ts";
import { declaredApplication } from "./declaredApplication.ts";
import { keyProblems, loadStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectEnvironment } from "./selectEnvironment.ts";

interface ShowOptions {
  /** ENVIRONMENT/PROVIDER, or ENVIRONMENT alone: then without what concerns a provider. */
  stack: string;
  set: readonly string[];
  /** As in `StackRequest`. */
  forService: boolean;
}

/** The resolved and valid configuration of a stack or an environment. Writes nothing, and fetches no secret from elsewhere. */
export async function showConfiguration(options: ShowOptions, context: OperationContext): Promise<StackConfiguration> {
  if (options.stack === "" || options.stack.includes("/")) {
    return (await loadStack({ ...options, verify: options.forService, persist: false }, context)).configuration;
  }
  const { ports, workspace, rehearsal } = context;
  const environment = selectEnvironment(options.stack, context);
  return loadConfiguration(
    {
      workspace,
      environment,
      provider: noProvider.name,
      manifest: noProvider,
      overrides: await parseAssignments(options.set, ports),
      application: declaredApplication(context),
      verify: options.forService,
      persist: false,
      rehearsal: rehearsal !== undefined,
      ...(options.forService ? { forService: (standard) => keyProblems(standard, undefined, ports) } : {}),
    },
    ports,
  );
}
