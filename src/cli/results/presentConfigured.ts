import type { ConfiguredFile } from "../../configuration/configure/configureFiles.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { ConfigureResult } from "../../operations/configureEnvironment.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

/** Open answers are no failure: they are listed, and `config check` fails because of them. */
export function presentConfigured(result: ConfigureResult): CommandResult {
  const { environment, provider, dryRun, files, unneeded, problems } = result;
  const open = files.flatMap((file) => file.open);
  const unused = files.flatMap((file) => file.unused);
  const again = `landfall configure ${environment}${provider === undefined ? "" : ` --provider ${provider}`}`;
  const text = [
    ...files.flatMap(fileLines),
    ...(unneeded === undefined
      ? []
      : [`${unneeded}: not needed, no setting of ${provider ?? "the provider"} is required`]),
    ...(unused.length === 0 ? [] : ["nothing uses:"]),
    ...unused.map(
      ({ where, key, suggestion }) =>
        `  ${where} ${key}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`,
    ),
    ...(open.length === 0 ? [] : [dryRun ? "would be still open:" : "still open:"]),
    ...open.map(({ where, key, placeholder }) => `  ${where} ${key} is ${placeholder}`),
    ...(problems.length === 0 ? [] : ["not valid yet:"]),
    ...problems.flatMap(({ where, message, hint }) => [
      `  ${where === undefined ? "" : `${where}: `}${message}`,
      ...(hint === undefined ? [] : [`    next: ${hint}`]),
    ]),
    `next: ${next()}`,
  ].join("\n");
  return { command: "configure", ok: true, data: result, text, exit: exitCodes.done };

  function next(): string {
    if (dryRun) return `${again}, without --dry-run, writes it`;
    const [first] = open;
    if (first !== undefined) return `${again} on a terminal, or with --set ${first.key}=VALUE, or edit the lines above`;
    return `landfall config check ${[environment, ...(provider === undefined ? [] : [provider])].join("/")}`;
  }
}

function fileLines({ file, created, written, generated, added, changed, diff }: ConfiguredFile): string[] {
  if (!written) return [`${file}: nothing to do`];
  if (diff !== undefined) return [diff];
  const done = `${file}: ${created ? "written" : "brought up to date"}`;
  const lists = [
    ["added", added],
    ["set", changed],
    ["generated", generated],
  ] as const;
  return [done, ...lists.flatMap(([word, keys]) => (keys.length === 0 ? [] : [`  ${word}: ${keys.join(", ")}`]))];
}
