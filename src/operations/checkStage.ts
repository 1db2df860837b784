import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import type { OperationContext } from "./OperationContext.ts";

/**
 * Marks the directory of a twin, and refuses to mix: a rehearsal never works on a state that is not a twin's, and a
 * real run never on a twin's. Throws AppError `rehearsal.mixed`.
 */
export async function checkStage(paths: StackPaths, provider: string, context: OperationContext): Promise<void> {
  const { files } = context.ports;
  const marker = join(paths.directory, "rehearsal.json");
  const twin = await files.exists(marker);
  if (context.rehearsal === undefined) {
    if (twin) throw mixed(`${paths.directory} belongs to a rehearsal, not to a real stack`);
    return;
  }
  if (twin) return;
  if (await files.exists(paths.state)) throw mixed(`the state in ${paths.directory} is not that of a rehearsal`);
  await files.write(marker, `${JSON.stringify({ provider })}\n`);
}

function mixed(sentence: string): AppError {
  return new AppError("rehearsal.mixed", sentence, {
    hint: "move that directory away; rehearsals keep their own below infrastructure/rehearsal",
    exit: exitCodes.refused,
  });
}
