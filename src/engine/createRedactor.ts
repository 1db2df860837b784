import { escapeTemplates } from "./escapeTemplates.ts";

/** Takes secrets out of text before it goes anywhere. */
export interface Redactor {
  /** True where there is nothing to look for. */
  idle: boolean;
  text(text: string): string;
  /** Commands for `sed` that do the same with whatever is long enough not to be a word of the stream; bytes, line by line. */
  sed: string;
  /** The same value with every string inside redacted; keys and the words of `kept` keys stay. */
  value<T>(value: T, kept?: readonly string[]): T;
}

/** Shorter secrets are not looked for: text would become unreadable and would give them away all the same. */
const shortest = 4;
/** A line of a secret of several lines, and an inner part of its base64 form, must be at least this telling. */
const shortestPart = 8;

/**
 * Finds each secret as it is, as base64 (also inside a longer text), and escaped for JSON (once and twice),
 * URLs, HCL and the shell. Output arrives line by line, so each line of a secret is found on its own, too.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = new Set(secrets.filter((secret) => secret.length >= shortest).flatMap((secret) => formsOf(secret)));
  if (forms.size === 0) return { idle: true, text: (text) => text, sed: "", value: (value) => value };
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapePattern).join("|"), "g");
  const text = (input: string): string => input.replace(pattern, "***");
  const sed = longestFirst.filter(({ length }) => length >= shortestPart).flatMap((form) => sedCommand(form));
  return {
    idle: false,
    text,
    sed: sed.join(""),
    value: (value, kept = []) => redactDeep(value, text, kept) as typeof value,
  };
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= shortestPart);
  const pieces = [...new Set([secret, secret.trim(), ...lines])].filter(({ length }) => length >= shortest);
  return pieces.flatMap((piece) => [
    piece,
    ...jsonForms(piece),
    ...urlForms(piece),
    ...base64Forms(piece),
    escapeTemplates(piece),
    piece.replaceAll("'", `'\\''`),
  ]);
}

function jsonForms(piece: string): string[] {
  const once = escapeJson(piece);
  // Go writes these three as \u00XX.
  const go = once.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
  return [once, go, escapeJson(once), escapeJson(go)];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function urlForms(piece: string): string[] {
  const lenient = encodeURIComponent(piece.toWellFormed());
  const strict = lenient.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ "": piece }).toString().slice(1);
  return [lenient, strict, strict.replaceAll("%20", "+"), form].flatMap((encoded) => [
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  ]);
}

/** A base64 text can start at three offsets; only the characters that depend on nothing else are looked for. */
function base64Forms(piece: string): string[] {
  const bytes = Buffer.from(piece);
  const inner = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const from = Math.ceil((offset * 8) / 6);
    return encoded.slice(from, Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [bytes.toString("base64"), ...inner]
    .filter(({ length }) => length >= shortestPart)
    .flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** Text of several lines is found by its lines. */
function sedCommand(form: string): string[] {
  return /[\n\0]/.test(form) ? [] : [`s/${form.replace(/[\\/.*[\]^$]/g, "\\$&")}/***/g\n`];
}

function redactDeep(value: unknown, text: (input: string) => string, kept: readonly string[]): unknown {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, text, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, kept.includes(key) ? item : redactDeep(item, text, kept)]),
  );
}
