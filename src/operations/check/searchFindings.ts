import type { Finding, Untested } from "../../conformance/Rule.ts";
import { heldResources } from "../adoptOrphans.ts";
import { openStack } from "../openStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import { readyStack } from "../readyStack.ts";
import type { StackOptions } from "../StackOptions.ts";
import { withRun } from "../withRun.ts";

/** What `findOrphans` gives right after an apply, and the state does not have under that address. */
export async function searchFindings(options: StackOptions, context: OperationContext): Promise<Finding[] | Untested> {
  const ready = await readyStack({ ...options, persist: false }, context);
  const { findOrphans } = ready.behaviour;
  if (findOrphans === undefined) return { untested: "there is no findOrphans" };
  return withRun(ready.loaded, "plan", context, async (run) => {
    const open = await openStack(ready, run);
    const found = await findOrphans(open.providerContext);
    const held = (await heldResources(open)).map(({ address }) => address);
    const strange = [...new Set(found.map(({ address }) => address))].filter((address) => !held.includes(address));
    return strange.map((address) => ({
      message: `findOrphans gave the address ${address}; the state has ${held.join(", ")}`,
      where: `${ready.loaded.provider.folder}/provider.ts`,
      hint: "give addresses inside the module, with the key where count or for_each is set",
    }));
  });
}
