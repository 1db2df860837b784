import { exitCodes } from "../../exitCodes.ts";
import type { NewProvider } from "../../operations/createProvider.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentNewProvider(result: NewProvider): CommandResult {
  const { provider, folder, files, template, inTree, subject } = result;
  const text = [
    `provider ${provider} was made after the scaffold; it makes no machine yet`,
    `  ${folder}: ${files.join(", ")}`,
    ...(inTree ? [`  ${template}`] : []),
    "next:",
    `  landfall provider check ${subject} --level plan    it passes as it is`,
    `  replace what says TODO there, as docs/providers/provider-template.md does, and check it again`,
    `  landfall provider check ${subject} --level rehearsal    the cloud's own plugin against rehearsal.ts`,
    ...(inTree
      ? [`  landfall rehearse development/${provider}`]
      : [`  to use it: LANDFALL_PROVIDERS_PATH=${subject}, and landfall provider accept ${provider}`]),
  ];
  return { command: "provider new", ok: true, data: result, text: text.join("\n"), exit: exitCodes.done };
}
