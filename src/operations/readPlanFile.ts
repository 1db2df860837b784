import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Files } from "../ports/Files.ts";
import type { SavedPlan } from "../stacks/SavedPlan.ts";

/** A plan that `plan --out` wrote; undefined where `path` is no file. Throws AppError `plan.file` for another file. */
export async function readPlanFile(path: string, files: Files): Promise<SavedPlan | undefined> {
  if ((await files.status(path))?.kind !== "file") return undefined;
  const plan = parse((await files.read(path)) ?? "");
  if (plan?.landfall === "plan" && typeof plan.id === "string" && typeof plan.stack === "string")
    return plan as SavedPlan;
  throw new AppError("plan.file", `${path} is no plan of Landfall`, {
    hint: `make one: landfall plan ENVIRONMENT/PROVIDER --out ${path}`,
    exit: exitCodes.usage,
  });
}

function parse(text: string): Partial<SavedPlan> | undefined {
  try {
    return (JSON.parse(text) as Partial<SavedPlan> | null) ?? undefined;
  } catch {
    return undefined;
  }
}
