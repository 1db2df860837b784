import type { Reply } from "landfall/rehearsal";

export type Fields = Record<string, unknown>;

/** Ends a request with an error of the API. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("refused");
    this.reply = reply;
  }
}

/** The statuses of google.rpc.Code, which newer answers carry besides the number. */
const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  412: "FAILED_PRECONDITION",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
};

/** @param more what the entry has besides, such as `location` */
export function failure(code: number, reason: string, message: string, more: Fields = {}): Reply {
  const entry = { message, domain: "global", reason, ...more };
  return { status: code, body: { error: { code, message, errors: [entry], status: statuses[code] } } };
}

export function refuse(code: number, reason: string, message: string): never {
  throw new Refused(failure(code, reason, message));
}

/** @param field such as `resource.name` */
export function invalid(field: string, value: unknown, why: string): never {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return refuse(400, "invalid", `Invalid value for field '${field}': '${text}'. ${why}`);
}

export function missing(field: string): never {
  return refuse(400, "required", `Required field '${field}' not specified`);
}

/** @param path such as `projects/acme/zones/europe-west3-a/instances/web` */
export function notFound(path: string): never {
  return refuse(404, "notFound", `The resource '${path}' was not found`);
}

export function alreadyExists(path: string): never {
  return refuse(409, "alreadyExists", `The resource '${path}' already exists`);
}

export function inUse(kind: string, path: string, user: string): never {
  const message = `The ${kind} resource '${path}' is already being used by '${user}'`;
  return refuse(400, "resourceInUseByAnotherResource", message);
}

export function changedMeanwhile(message: string): never {
  return refuse(412, "conditionNotMet", message);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The request's body as an object. */
export function bodyOf({ body, text }: { body: unknown; text: string }): Fields {
  if (isFields(body)) return body;
  if (text.trim() === "") return {};
  return refuse(400, "parseError", "Parse Error");
}

export function textIn(fields: Fields, key: string, field = `resource.${key}`): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  return invalid(field, value, "The value must be a string.");
}

/** What has to be there; empty text counts as left out. */
export function neededIn(fields: Fields, key: string, field = `resource.${key}`): string {
  const value = textIn(fields, key, field) ?? "";
  return value === "" ? missing(field) : value;
}

/** 64-bit numbers arrive as text. */
export function numberIn(fields: Fields, key: string, field = `resource.${key}`): number | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (typeof value === "string" && /^-?\d+$/.test(value)) return Number(value);
  return invalid(field, value, "The value must be an integer.");
}

export function flagIn(fields: Fields, key: string, field = `resource.${key}`): boolean | undefined {
  const value = fields[key];
  if (value === undefined || value === null || typeof value === "boolean") return value ?? undefined;
  return invalid(field, value, "The value must be a boolean.");
}

export function objectIn(fields: Fields, key: string, field = `resource.${key}`): Fields | undefined {
  const value = fields[key];
  if (value === undefined || value === null || isFields(value)) return value ?? undefined;
  return invalid(field, value, "The value must be an object.");
}

export function objectsIn(fields: Fields, key: string, field = `resource.${key}`): Fields[] {
  const value = fields[key] ?? [];
  if (Array.isArray(value) && value.every(isFields)) return value;
  return invalid(field, value, "The value must be a list of objects.");
}

export function textsIn(fields: Fields, key: string, field = `resource.${key}`): string[] | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  return invalid(field, value, "The value must be a list of strings.");
}

const nameForm = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The mandatory name of something new. */
export function nameIn(fields: Fields): string {
  return checkName(neededIn(fields, "name"), "resource.name");
}

export function checkName(name: string, field: string): string {
  if (nameForm.test(name)) return name;
  return invalid(field, name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
}
