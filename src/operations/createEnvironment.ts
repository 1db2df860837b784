import { writeNewTemplate } from "../configuration/configure/writeNewTemplate.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectEnvironment } from "./selectEnvironment.ts";

export interface NewEnvironment {
  environment: string;
  from: string;
  /** The template, relative to the root. */
  file: string;
}

/** Writes the template of a new environment after that of another one. */
export async function createEnvironment(
  { name, from }: { name: string; from: string },
  context: OperationContext,
): Promise<NewEnvironment> {
  const source = selectEnvironment(from, context);
  const file = await writeNewTemplate(name, source, context.workspace, context.ports);
  return { environment: name, from: source, file };
}
