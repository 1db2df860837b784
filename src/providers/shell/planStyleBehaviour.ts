import { join, relative } from "node:path";
import type { StackConfiguration } from "../../configuration/StackConfiguration.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Prerequisite, ProviderContext } from "../behaviour.ts";
import type { LoadedBehaviour } from "../ModuleWrapper.ts";
import type { CodeAccess, CodeOwner } from "../standingOf.ts";
import { callPlanFunction, failure, type PlanAnswer } from "./callPlanFunction.ts";
import { parseTfvars } from "./parseTfvars.ts";
import { planEnvironment } from "./planEnvironment.ts";
import type { PlanFunction } from "./planStyle.ts";
import { readFacts, readPlanStyle } from "./readPlanStyle.ts";
import { wrapFlatModule } from "./wrapFlatModule.ts";

export interface ShellAccess extends CodeAccess {
  ports: Pick<Ports, "files" | "machine" | "processes" | "emit">;
}

const standardLimits = { call: 60_000, cleanUp: 180_000 };

/**
 * The behaviour of a folder in the plan's own style: its four functions, each in a child of its own. Nothing runs
 * before one of them is called.
 * @param configuration of the stack; without it only the provider's own variables are there
 */
export function planStyleBehaviour(
  { name, folder }: CodeOwner,
  { workspace, ports }: ShellAccess,
  configuration?: StackConfiguration,
  limits = standardLimits,
): LoadedBehaviour {
  const call = async (called: PlanFunction, context?: ProviderContext) => {
    const manifest = await readPlanStyle(folder, name, ports.files);
    const { environment, secrets } = planEnvironment({
      manifest,
      configuration,
      context,
      workspace,
      machine: ports.machine,
    });
    const limitMs = called === "provider_cleanup" ? limits.cleanUp : limits.call;
    const answer = await callPlanFunction({ name, folder, function: called, environment, secrets, limitMs }, ports);
    return { answer, manifest, environment, secrets };
  };
  return {
    async checkPrerequisites(context) {
      const { answer } = await call("provider_validate_prerequisites", context);
      const file = relative(workspace.root, join(workspace.providerConfiguration, `${name}.env`));
      return [prerequisite(answer, configuration !== undefined, file)];
    },
    async wrapModule(context, describe) {
      const { answer, manifest, environment, secrets } = await call("provider_generate_terraform_vars", context);
      if (!answer.ok) {
        throw failure(
          `provider ${name} could not write its variables`,
          answer.problems,
          "mend what is said above, then run the same command again",
        );
      }
      const { values, problems } = parseTfvars(answer.output, `${name}.auto.tfvars`);
      if (problems.length > 0) {
        throw failure(
          `the variables that provider ${name} wrote cannot be read`,
          problems,
          `mend provider_generate_terraform_vars in ${folder}/provider.sh: it has to escape what it puts between quotes`,
        );
      }
      const { facts, modules } = await readFacts(folder, ports.files);
      return wrapFlatModule(
        { name, folder, values, description: await describe(folder), manifest, facts, modules, environment, secrets },
        { inputs: context.inputs, system: ports.machine.system, emit: ports.emit },
      );
    },
    async cleanUp(context) {
      const { answer } = await call("provider_cleanup", context);
      if (!answer.ok)
        throw failure(
          `provider_cleanup of provider ${name} failed`,
          answer.problems,
          "mend what is said above, then destroy again",
          exitCodes.failed,
        );
    },
  };
}

/** What the folder says of itself: the only thing of it that runs where no stack is worked on. */
export async function askPlanStyle({ name, folder }: CodeOwner, { workspace, ports }: ShellAccess): Promise<string> {
  const manifest = await readPlanStyle(folder, name, ports.files);
  const { environment } = planEnvironment({ manifest, workspace, machine: ports.machine });
  const limitMs = standardLimits.call;
  const request = { name, folder, function: "provider_get_info", environment, secrets: [], limitMs } as const;
  const { ok, output, problems } = await callPlanFunction(request, ports);
  if (!ok)
    throw failure(
      `provider_get_info of provider ${name} failed`,
      problems,
      "it has to work without any variable of the configuration",
    );
  return output.trimEnd();
}

/**
 * Without a stack the function lacks variables that it may rely on: then nothing can be said.
 * @param file where the user sets the provider's variables
 */
function prerequisite({ ok, problems }: PlanAnswer, ofStack: boolean, file: string): Prerequisite {
  const lacks = !ofStack && problems.some(({ message }) => message.endsWith("unbound variable"));
  const byHand = `do what provider.sh says here; values of the provider's variables belong into ${file}`;
  const detail = problems
    .map(({ message, where }) => (where === undefined ? message : `${message} (${where})`))
    .join("; ");
  return {
    id: "plan-style",
    title: "what provider_validate_prerequisites checks",
    state: ok ? "met" : lacks ? "unknown" : "missing",
    ...(ok ? {} : { detail, fix: lacks ? "it is checked again with a stack" : byHand }),
  };
}
