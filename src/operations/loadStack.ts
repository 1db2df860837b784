import type { SecretRequest } from "../configuration/assessWithSecrets.ts";
import type { DeclaredApplication } from "../configuration/DeclaredApplication.ts";
import { loadConfiguration } from "../configuration/loadConfiguration.ts";
import { parseAssignments } from "../configuration/parseAssignments.ts";
import type { StackConfiguration, StandardSettings } from "../configuration/StackConfiguration.ts";
import type { Problem } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Provider } from "../providers/Provider.ts";
import { checkSshKeys } from "../remote/checkSshKeys.ts";
import { parseStack } from "../stacks/parseStack.ts";
import type { Stack } from "../stacks/Stack.ts";
import { stackPaths, type StackPaths } from "../stacks/stackPaths.ts";
import { declaredApplication } from "./declaredApplication.ts";
import { findStackProvider } from "./findStackProvider.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface StackRequest extends SecretRequest {
  /** As the user typed it. */
  stack: string;
  /** `--set` values, unparsed. */
  set: readonly string[];
  /** Whether a missing environment file may be written from a template that needs no answers. */
  persist: boolean;
  /** Use the copy that was kept at the last apply although the provider's folder is there. */
  fromCopy?: boolean;
  /** Fetches the secrets that the application takes, in place of `needs`. */
  forApplication?: boolean;
  /** Whether a server is made or changed with it, or is to be checked for that: more is refused then. */
  forService?: boolean;
}

export interface LoadedStack {
  stack: Stack;
  paths: StackPaths;
  provider: Provider;
  configuration: StackConfiguration;
}

/** From what the user typed to a stack with a valid configuration. Touches nothing but, with `persist`, the environment file. */
export async function loadStack(request: StackRequest, context: OperationContext): Promise<LoadedStack> {
  const { ports, workspace, rehearsal } = context;
  const stack = selectStack(request.stack, context);
  const paths = stackPaths(workspace, stack);
  const provider = await findStackProvider(stack.provider, paths, request.fromCopy === true, context);
  const overrides = await parseAssignments(request.set, ports);
  const findApplication = declaredApplication(context);
  let application: DeclaredApplication | undefined;
  const takenByApplication = (key: string): boolean => application?.settings[key] !== undefined;
  const configuration = await loadConfiguration(
    {
      workspace,
      environment: stack.environment,
      provider: stack.provider,
      manifest: provider.manifest,
      overrides,
      application: async (directory) => (application = await findApplication(directory)),
      needs: request.forApplication === true ? takenByApplication : request.needs,
      verify: request.verify,
      persist: request.persist && rehearsal === undefined,
      rehearsal: rehearsal !== undefined,
      ...(request.forService === true ? { forService: (standard) => keyProblems(standard, paths, ports) } : {}),
    },
    ports,
  );
  const loaded = { stack, paths, provider, configuration };
  return rehearsal !== undefined && provider.manifest.capabilities.local === true
    ? localTwin(loaded, rehearsal.suffix)
    : loaded;
}

/** A machine that exists keeps the key that it was made with, so that none is missed there; `paths` are those of a stack. */
export async function keyProblems(
  standard: StandardSettings,
  paths: StackPaths | undefined,
  ports: Ports,
): Promise<Problem[]> {
  const { sshPublicKey: publicKey, sshPrivateKeyFile: privateKeyFile } = standard;
  const fresh = paths !== undefined && !(await ports.files.exists(paths.authorizedKey));
  return checkSshKeys({ publicKey, privateKeyFile, needed: standard.protected && fresh }, ports);
}

/** Machines on this computer are real in a rehearsal too: names tell them from those of the stack itself. */
function localTwin(loaded: LoadedStack, suffix: string): LoadedStack {
  const { stack, configuration } = loaded;
  const { standard } = configuration;
  const longestName = 63;
  const vmName = `${standard.vmName.slice(0, longestName - suffix.length - 1)}-${suffix}`;
  return {
    ...loaded,
    stack: { ...stack, label: `${stack.label}_${suffix}`, identity: `${stack.name}/${suffix}` },
    configuration: { ...configuration, standard: { ...standard, vmName } },
  };
}

/** Parses a selector and tells of old names. */
export function selectStack(selector: string, context: OperationContext): Stack {
  const { stack, deprecated } = parseStack(selector);
  if (deprecated !== undefined) {
    context.ports.emit({
      type: "notice",
      level: "warning",
      code: "environment.deprecated",
      message: `environment ${deprecated} is now called ${stack.environment}`,
      hint: `write ${stack.name}`,
    });
  }
  return stack;
}
