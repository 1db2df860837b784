import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { resolveSshKey } from "../remote/resolveSshKey.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import { acceptHostKey, hostKeyUnknown } from "./hostKeyUnknown.ts";
import { addressIn, readKnownStack } from "./knownStack.ts";
import { loadStack, type LoadedStack, type StackRequest } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectExistingStack } from "./selectExistingStack.ts";
import { sshTarget } from "./sshTarget.ts";

export interface ReachedStack extends LoadedStack {
  address: string;
  target: ReturnType<typeof sshTarget>;
}

/** A stack that has a machine, and how to log in there. Throws AppError `ssh.noMachine` or `ssh.hostKeyUnknown`. */
export async function reachStack(
  selector: string,
  context: OperationContext,
  request: Omit<StackRequest, "stack" | "persist"> = { set: [] },
): Promise<ReachedStack> {
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
  const recorded = await ports.files.read(paths.authorizedKey);
  const loaded = await loadStack({ ...request, stack: stack.name, persist: false }, context);
  const { sshPrivateKeyFile } = loaded.configuration.standard;
  const sshKey = await resolveSshKey(
    {
      home: ports.machine.home,
      generatedKeyPath: paths.generatedKey,
      protected: true,
      ...(sshPrivateKeyFile === undefined ? {} : { privateKeyFile: sshPrivateKeyFile }),
      ...(recorded === undefined ? {} : { recorded: recorded.trim() }),
    },
    ports,
  );
  return { ...loaded, address, target: sshTarget({ stack, paths, sshKey }, address, known?.outputs ?? {}) };
}
