import { configureFiles, type Configured } from "../configuration/configure/configureFiles.ts";
import { parseAssignments } from "../configuration/parseAssignments.ts";
import { AppError, type Problem } from "../errors.ts";
import { findProvider } from "../providers/findProvider.ts";
import { noProvider } from "../providers/noProvider.ts";
import { templateIn } from "../providers/templateIn.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";
import { showConfiguration } from "./showConfiguration.ts";
import { selectEnvironment } from "./selectEnvironment.ts";

export interface ConfigureOptions {
  environment: string;
  /** Also configures the file of this provider. */
  provider?: string;
  /** `--set` values, unparsed. */
  set: readonly string[];
  dryRun: boolean;
}

export interface ConfigureResult extends Configured {
  environment: string;
  provider?: string;
  dryRun: boolean;
  /** What is wrong besides open answers, such as a missing SSH key; only looked for where no answer is open. */
  problems: readonly Problem[];
}

/** Makes or completes the file of an environment, and that of a provider. */
export async function configureEnvironment(
  { environment: name, provider, set, dryRun }: ConfigureOptions,
  context: OperationContext,
): Promise<ConfigureResult> {
  const { workspace, ports } = context;
  const environment = selectEnvironment(name, context);
  const discovery = await listProviders(context);
  const chosen = provider === undefined ? undefined : findProvider(discovery, provider, workspace);
  const configured = await configureFiles(
    {
      workspace,
      environment,
      manifest: chosen?.manifest ?? noProvider,
      ...(chosen === undefined ? {} : { folderTemplate: templateIn(chosen.folder, chosen.name) }),
      manifests: discovery.providers.map(({ manifest }) => manifest),
      assignments: await parseAssignments(set, ports),
      dryRun,
    },
    ports,
  );
  const subject = [environment, ...(chosen === undefined ? [] : [chosen.name])].join("/");
  const answered = !dryRun && configured.files.every(({ open }) => open.length === 0);
  return {
    environment,
    ...(chosen === undefined ? {} : { provider: chosen.name }),
    dryRun,
    ...configured,
    problems: answered ? await problemsOf(subject, context) : [],
  };
}

/** What `config check` will say. */
async function problemsOf(stack: string, context: OperationContext): Promise<readonly Problem[]> {
  const silent = { ...context, ports: { ...context.ports, emit: () => undefined } };
  try {
    await showConfiguration({ stack, set: [], forService: true }, silent);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ message: error.message, hint: error.hint }];
  }
}
