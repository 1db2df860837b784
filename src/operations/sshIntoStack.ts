import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { resolveSshKey } from "../remote/resolveSshKey.ts";
import { sshArguments } from "../remote/sshArguments.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import { acceptHostKey, hostKeyUnknown } from "./hostKeyUnknown.ts";
import { addressIn, readKnownStack } from "./knownStack.ts";
import { loadStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectExistingStack } from "./selectExistingStack.ts";
import { sshTarget } from "./sshTarget.ts";

export interface SshResult {
  stack: string;
  /** Exit status of ssh: the command's own, or 255 where ssh itself failed. */
  status: number;
  stdout?: string;
  stderr?: string;
}

/** Logs in, or runs one command; with `capture` the command's output is part of the result. */
export async function sshIntoStack(
  options: { selector: string; command: readonly string[]; capture: boolean },
  context: OperationContext,
): Promise<SshResult> {
  const { ports } = context;
  const stack = await selectExistingStack(options.selector, context);
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
  const { configuration } = await loadStack({ stack: stack.name, set: [], persist: false }, context);
  const { sshPrivateKeyFile } = configuration.standard;
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
  const target = sshTarget({ stack, paths, sshKey }, address, known?.outputs ?? {});
  const command = { program: "ssh", arguments: sshArguments(target, options.command) };
  if (!options.capture || options.command.length === 0) {
    return { stack: stack.name, status: await ports.processes.interactive(command) };
  }
  const outcome = await ports.processes.run(command);
  return { stack: stack.name, status: outcome.status ?? 255, stdout: outcome.stdout, stderr: outcome.stderr };
}
