import { z } from "zod";

/* What the fields of a manifest are made of, each with what is said where it is wrong. */

const variableName = /^[A-Z][A-Z0-9_]*$/;
const sizes = "whole number, at least 1";

/** What people read in one line; longer text belongs into README.md. */
const shortLine = 200;
export const longLine = 500;

export const text = (description: string, most = shortLine) =>
  z
    .string("must be text")
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .describe(description);
export const line = (description: string) =>
  z.string("must be text").max(longLine, `must have at most ${longLine} characters`).default("").describe(description);
export const variable = (description: string) =>
  z
    .string("must be text")
    .regex(variableName, "must be the name of a variable, such as ACME_TOKEN")
    .describe(description);
export const size = (description: string) =>
  z.int(`must be a ${sizes}`).min(1, `must be a ${sizes}`).describe(description).optional();
export const seconds = (standard: number, description: string) =>
  z
    .int(`must be a ${sizes}, in seconds`)
    .min(1, `must be a ${sizes}, in seconds`)
    .max(86_400, "must be at most 86400 seconds")
    .default(standard)
    .describe(`${description}, in seconds`);
export const settingKey = (description: string) =>
  z
    .string("must be the key of a setting")
    .regex(/^[a-z][a-z0-9_]*$/, "must be the key of a setting, such as server_type")
    .describe(description);
export const plain = z
  .union([z.string(), z.number(), z.boolean()], "must be text, a number, true or false")
  .transform((value) => String(value));
/** Keys mean nothing here: a role is that of all instances. */
export const addresses = (description: string) =>
  z
    .array(
      z
        .string("must be a resource address, such as acme_server.vm")
        .regex(/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*|\[[^\]]+\])+$/, "must be a resource address, such as acme_server.vm")
        .overwrite((address) => address.replaceAll(/\[[^\]]*\]/g, "")),
      "must be a list of resource addresses",
    )
    .default([])
    .describe(description);
export const capability = (description: string, standard: true | string = "not declared by this provider") =>
  z
    .union(
      [z.literal(true), z.string().min(1).max(longLine, `must have at most ${longLine} characters`)],
      "must be true, or the reason why not as text",
    )
    .default(standard)
    .describe(`${description}: true, or the reason why not`);
