import { Liquid } from "liquidjs";

/** What templates see: text, real booleans and numbers, and null for what is optional and not set. */
export type TemplateValues = Readonly<Record<string, string | boolean | number | null>>;

export interface TemplateUse {
  name: string;
  line: number;
}

/** A template that cannot be read, or not be rendered with these values. */
export class TemplateProblem extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const language = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // No other file can be named.
  templates: {},
});
const json = (value: unknown): string => JSON.stringify(value ?? "");
language.registerFilter("url", percentEncoded);
language.registerFilter("json", json);
// Double quotes of YAML and basic strings of TOML know all escapes of JSON, and TOML wants one more.
language.registerFilter("yaml", json);
language.registerFilter("toml", (value: unknown) => json(value).replaceAll("\u007f", "\\u007f"));
language.registerFilter("shell", (value: unknown) => `'${text(value).replaceAll("'", `'\\''`)}'`);

/** Names that a template takes from outside, each where it is first used. Throws TemplateProblem. */
export function namesIn(template: string): TemplateUse[] {
  const { globals } = attempt(() => language.analyzeSync(language.parse(template), { partials: false }));
  return Object.entries(globals).map(([name, uses]) => ({ name, line: uses[0]?.location.row ?? 1 }));
}

export function namesInCondition(condition: string): TemplateUse[] {
  return namesIn(`{% if ${condition} %}{% endif %}`);
}

/** Throws TemplateProblem. */
export function render(template: string, values: TemplateValues): string {
  return attempt(() => language.parseAndRenderSync(template, { ...values }));
}

/** Whether a condition holds: an empty text does not. */
export function holds(condition: string, values: TemplateValues): boolean {
  const value: unknown = attempt(() => language.evalValueSync(condition, { ...values }));
  return value !== false && value !== undefined && value !== null && value !== "";
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const position = (error as { token?: { getPosition?: () => [number, number] } }).token?.getPosition?.();
    // The library adds the place, and may quote the values.
    const [message = ""] = error.message.split(/, (?:file:|line:)/);
    throw new TemplateProblem(message, position?.[0] ?? 1);
  }
}

function percentEncoded(value: unknown): string {
  return encodeURIComponent(text(value)).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function text(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
