import type { Problem } from "../errors.ts";
import { originText, type Definition, type Layers } from "./Layers.ts";
import type { Layer } from "./StackConfiguration.ts";

/** What is said for one command only. */
const passing: readonly Layer[] = ["process environment", "command line"];

/**
 * PROTECTED that one command takes away from what the files protect: with a flag or a variable that the shell happens to
 * hold, the name that has to be typed would guard nothing.
 */
export function loweredProtection(layers: Layers): Problem[] {
  const said = layers.flatMap(({ layer, definitions }) => {
    const definition = definitions.get("PROTECTED");
    return definition === undefined ? [] : [{ layer, definition }];
  });
  const lasting = said.findLast(({ layer }) => !passing.includes(layer));
  if (lasting === undefined || isFalse(lasting.definition)) return [];
  return said
    .filter(({ layer, definition }) => passing.includes(layer) && isFalse(definition))
    .map(({ definition: { origin, spelling } }) => ({
      where: originText(origin, spelling),
      key: spelling,
      message: `${spelling} can be taken away only in the environment's file, not for one command`,
      hint: "confirm with the stack's name instead: CONFIRM=ENVIRONMENT/PROVIDER",
    }));
}

function isFalse({ parts }: Definition): boolean {
  return parts?.length === 1 && parts[0]?.kind === "text" && parts[0].text === "false";
}
