import { createHash, randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";
import type { Emit } from "../events/Event.ts";
import { hostProblems, hostShortfalls, type HostFacts } from "../remote/HostFacts.ts";
import type { Preparation } from "../remote/Wait.ts";
import { loginOf } from "./loginOf.ts";
import type { OpenStack } from "./openStack.ts";

/** Where a host keeps what Landfall does there. */
const directory = "/var/lib/landfall";

export interface HostPreparation {
  /** Names host and script: prepared is what was prepared with these. */
  digest: string;
  preparation: Preparation;
}

/** What a host is to be brought to over SSH; undefined where user data does that. */
export async function hostPreparation(
  { provider, stack, configuration, engine }: OpenStack,
  outputs: Readonly<Record<string, unknown>>,
  emit: Emit,
): Promise<HostPreparation | undefined> {
  if (provider.manifest.capabilities.user_data === true) return undefined;
  const script = (await engine.output())["preparation"]?.value;
  if (typeof script !== "string") return undefined;
  const { user = "root" } = loginOf(outputs);
  const { standard } = configuration;
  const judge = (facts: HostFacts): void => {
    const sshAllowedFrom = standard.useMinimalConfig ? undefined : standard.sshAllowedFrom;
    const problems = hostProblems(facts, { user, sshAllowedFrom });
    if (problems.length > 0) {
      throw new AppError("host.unfit", `the host of ${stack.name} cannot be prepared; nothing was done to it`, {
        hint: `mend that, then: landfall apply ${stack.name}`,
        problems,
      });
    }
    const wanted = { memory: standard.vmMemory, processors: standard.vmVcpus, disk: standard.vmDiskSize };
    const short = hostShortfalls(facts, wanted);
    if (short.length === 0) return;
    emit({
      type: "notice",
      level: "warning",
      code: "host.small",
      message: `the host of ${stack.name} is smaller than what was asked for: ${short.join(", ")}`,
      hint: "use a larger host, or write what it has into the environment file",
    });
  };
  const identity = JSON.stringify([outputs["vm_ip"], outputs["login"], script]);
  return {
    digest: createHash("sha256").update(identity).digest("hex"),
    preparation: { script, attempt: randomBytes(8).toString("hex"), directory, user, judge },
  };
}
