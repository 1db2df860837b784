import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { resolveSshKey } from "../remote/resolveSshKey.ts";
import type { Stack } from "../stacks/Stack.ts";
import { stackPaths, type StackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import { acceptHostKey, hostKeyUnknown } from "./hostKeyUnknown.ts";
import { addressIn, readKnownStack } from "./knownStack.ts";
import { loadStack, type LoadedStack, type StackRequest } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectExistingStack } from "./selectExistingStack.ts";
import { sshTarget } from "./sshTarget.ts";

export interface ReachedMachine {
  stack: Stack;
  address: string;
  target: ReturnType<typeof sshTarget>;
}

export type ReachedStack = LoadedStack & ReachedMachine;

/** A stack that has a machine, and how to log in there. Throws AppError `ssh.noMachine` or `ssh.hostKeyUnknown`. */
export async function reachStack(
  selector: string,
  context: OperationContext,
  request: Omit<StackRequest, "stack" | "persist"> = { set: [] },
): Promise<ReachedStack> {
  const located = await locate(selector, context);
  const loaded = await loadStack({ ...request, stack: located.stack.name, persist: false }, context);
  const target = await targetOf(located, loaded.configuration.standard.sshPrivateKeyFile, context);
  return { ...loaded, address: located.address, target };
}

/**
 * How to log in, for who has to look at the machine: where the configuration is wrong, the key that the machine was made
 * with is looked for in its usual places.
 */
export async function reachMachine(selector: string, context: OperationContext): Promise<ReachedMachine> {
  const located = await locate(selector, context);
  const { stack, address } = located;
  let keyFile: string | undefined;
  try {
    const { configuration } = await loadStack({ set: [], stack: stack.name, persist: false }, context);
    keyFile = configuration.standard.sshPrivateKeyFile;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.ports.emit({
      type: "notice",
      level: "warning",
      code: "ssh.unconfigured",
      message: `${error.message}: the login goes on without the configuration`,
      hint: `landfall config check ${stack.name}`,
    });
  }
  return { stack, address, target: await targetOf(located, keyFile, context) };
}

interface Located {
  stack: Stack;
  paths: StackPaths;
  address: string;
  outputs: Readonly<Record<string, unknown>>;
}

async function locate(selector: string, context: OperationContext): Promise<Located> {
  const { ports } = context;
  const stack = await selectExistingStack(selector, context);
  const paths = stackPaths(context.workspace, stack);
  await warnOfRecovery({ stack, paths }, context);
  const known = await readKnownStack(paths, ports.files);
  const address = addressIn(known?.outputs ?? {});
  if (address === undefined) {
    throw new AppError("ssh.noMachine", `stack ${stack.name} has no machine with an address`, {
      hint: `create it: landfall apply ${stack.name}; where a colleague did: landfall refresh ${stack.name}`,
    });
  }
  if (await hostKeyUnknown(paths, ports.files)) {
    throw new AppError(
      "ssh.hostKeyUnknown",
      `the host key of ${stack.name} is not known: it was not made by Landfall`,
      {
        hint: `compare what \`ssh-keyscan ${address} | ssh-keygen -lf -\` shows with the machine's console, then: ${acceptHostKey(stack.name)}`,
        exit: exitCodes.refused,
      },
    );
  }
  return { stack, paths, address, outputs: known?.outputs ?? {} };
}

async function targetOf(
  { stack, paths, address, outputs }: Located,
  privateKeyFile: string | undefined,
  { ports }: OperationContext,
): Promise<ReachedMachine["target"]> {
  const recorded = await ports.files.read(paths.authorizedKey);
  const sshKey = await resolveSshKey(
    {
      home: ports.machine.home,
      generatedKeyPath: paths.generatedKey,
      protected: true,
      ...(privateKeyFile === undefined ? {} : { privateKeyFile }),
      ...(recorded === undefined ? {} : { recorded: recorded.trim() }),
    },
    ports,
  );
  return sshTarget({ stack, paths, sshKey }, address, outputs);
}
