import type { Finding, Untested } from "../../conformance/Rule.ts";
import type { ProviderBehaviour } from "../../providers/behaviour.ts";

/** What status says of a machine that was deleted outside: nobody but the provider can tell that it is gone. */
export async function goneFindings(
  { inspectMachine }: Pick<ProviderBehaviour, "inspectMachine">,
  status: () => Promise<string | undefined>,
): Promise<Finding[] | Untested> {
  if (inspectMachine === undefined) return { untested: "there is no inspectMachine: status asks nobody" };
  const machine = await status();
  if (machine === "absent") return [];
  return [{ message: `status says ${machine}`, hint: "mend inspectMachine in provider.ts" }];
}
