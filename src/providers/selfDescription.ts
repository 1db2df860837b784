import { isPlanStyle } from "./isPlanStyle.ts";
import type { ShellAccess } from "./shell/planStyleBehaviour.ts";
import { standingOf, type CodeOwner } from "./standingOf.ts";

/**
 * What a folder in the plan's own style says of itself, in a clean child; undefined for every other folder, and for
 * one that may not run.
 */
export async function selfDescription(provider: CodeOwner, access: ShellAccess): Promise<string | undefined> {
  if (!(await isPlanStyle(provider.folder, access.ports.files))) return undefined;
  const standing = await standingOf(provider, access);
  if (standing.kind !== "own" && standing.kind !== "accepted") {
    access.ports.emit({
      type: "notice",
      level: "warning",
      code: "provider.notAccepted",
      message: `provider ${provider.name} is not asked what it is: nobody has accepted its folder as it is now`,
      hint: `look at it, then: landfall provider accept ${provider.name}`,
    });
    return undefined;
  }
  const { askPlanStyle } = await import("./shell/planStyleBehaviour.ts");
  return askPlanStyle(provider, access);
}
