import { isLenient } from "../checkService.ts";
import { protectedByDefault } from "../protectedByDefault.ts";
import { setEnvValue } from "./mergeEnvText.ts";
import { entriesOf, splitEnvText, type EntryPiece, type EnvPiece } from "./splitEnvText.ts";

const longestHostname = 63;
const literal = { canonical: (spelling: string) => spelling };

/**
 * The template of a new environment: that of another one under the new name. A copy of a protected environment is
 * protected too, and one of development does without HTTPS. Everything else stays as it is.
 */
export function deriveTemplate(template: string, from: string, name: string): string {
  const pieces = splitEnvText(template);
  const header = pieces.findIndex(({ text }) => !/^\uFEFF?#/.test(text));
  const said = pieces.slice(0, header === -1 ? pieces.length : header).map(({ text }, line) => {
    const eol = /\r?\n$/.exec(text)?.[0] ?? "";
    return line === 0 ? `# Environment "${name}", made after ${from}.${eol}` : renamed(text, from, name);
  });
  const rest = pieces
    .slice(said.length)
    .map((piece) => (isComment(piece) ? renamedCommand(piece.text, from, name) : piece.text));
  let text = [...said, ...rest].join("");
  if (said.length === 0) text = `# Environment "${name}", made after ${from}.\n\n${text}`;

  const entries = entriesOf(splitEnvText(text));
  const vmName = entries.find(({ key }) => key === "VM_NAME");
  if (entries.some(({ key }) => key === "ENVIRONMENT")) text = setEnvValue(text, "ENVIRONMENT", name, literal);
  if (vmName !== undefined) text = text.replace(vmName.text, () => nameServer(vmName, from, name));
  // No certificate is issued for the sample domain of an environment where things are tried.
  const tries = isLenient(from) && !isLenient(name);
  if (tries && entries.some(({ key }) => key === "ENABLE_SSL"))
    text = setEnvValue(text, "ENABLE_SSL", "false", literal);
  const guarded = protectedByDefault(from) || protectedByDefault(name);
  if (guarded && !entries.some(({ key }) => key === "PROTECTED"))
    text = setEnvValue(text, "PROTECTED", "true", literal);
  return text;
}

/** A name inside of a sentence; inside of longer words it is something else. */
function renamed(text: string, from: string, name: string): string {
  return text.replaceAll(new RegExp(`(?<![A-Za-z0-9-])${from}(?![A-Za-z0-9-])`, "g"), name);
}

function isComment(piece: EnvPiece): boolean {
  return piece.key === undefined && piece.commented === undefined;
}

/** What stands in sentences further down may be meant of the other environment, but a command is meant of this one. */
function renamedCommand(text: string, from: string, name: string): string {
  return text.replaceAll(new RegExp(`(?<=landfall [a-z ]*)${from}(?![A-Za-z0-9-])`, "g"), name);
}

/** The same name with another end, unless it is made from ENVIRONMENT anyway. */
function nameServer({ text, start, end, parts }: EntryPiece, from: string, name: string): string {
  const follows = parts?.some((part) => part.kind === "reference" && part.name === "ENVIRONMENT") === true;
  if (follows || parts?.length === 0) return text;
  const value = text.slice(start, end);
  const quote = /^(['"]).*\1$/s.exec(value)?.[1] ?? "";
  const inner = value.slice(quote.length, value.length - quote.length);
  const base = withoutEnvironment(inner, from).slice(0, longestHostname - name.length - 1);
  return `${text.slice(0, start)}${quote}${base.replace(/-+$/, "")}-${name}${quote}${text.slice(end)}`;
}

/** Without the environment's name at the end, also where it is shortened: -dev, -prod. */
function withoutEnvironment(vmName: string, from: string): string {
  if (vmName.endsWith(`-${from}`)) return vmName.slice(0, -from.length - 1);
  const end = /-([a-z0-9]{2,})$/.exec(vmName)?.[1];
  return end !== undefined && from.startsWith(end) ? vmName.slice(0, -end.length - 1) : vmName;
}
