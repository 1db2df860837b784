import { z } from "zod";

/* What the fields of application.yaml are made of, each with what is said where it is wrong. */

const longLine = 500;
const longText = 2000;

export const text = (description: string, most = longLine) =>
  z
    .string("must be text")
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .describe(description);
export const flag = (description: string) => z.boolean("must be true or false").default(false).describe(description);
export const variable = (description: string) =>
  z
    .string("must be the name of a setting")
    .regex(/^[A-Z][A-Z0-9_]*$/, "must be the name of a setting, such as DOMAIN_NAME")
    .describe(description);
/** Stays below where it is put, whatever the system makes of it. */
export const path = (description: string) =>
  z
    .string("must be a path")
    .regex(
      /^(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)*$/,
      "must be a relative path of letters, digits, dots, dashes and underscores, without .. and without a slash at the end",
    )
    .max(200, "must have at most 200 characters")
    .describe(description);
export const owner = z
  .string('must be root, application, or "UID:GID"')
  .regex(/^(root|application|\d{1,9}:\d{1,9})$/, 'must be root, application, or "UID:GID" in quotes')
  .default("root")
  .describe("Whose it is on the server: root, application (USER_ID), or UID:GID");
export const mode = z
  .string('must be text, such as "0640"')
  .regex(/^0[0-7]{3}$/, 'must be four octal digits in quotes, such as "0640"');
export const when = text("A condition of the template language, such as ENABLE_SSL; without it always").optional();
export const service = (description: string) =>
  z
    .string("must be the name of a service")
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be the name of a service of compose.yaml")
    .describe(description);
export const plain = z
  .union([z.string(), z.number(), z.boolean()], "must be text, a number, true or false")
  .transform((value) => String(value));
/** A port, or HOST:PORT; a plain number is fine. */
export const place = (description: string) =>
  z
    .union([z.string(), z.number()], "must be a port, or HOST:PORT")
    .transform((value) => String(value))
    .pipe(z.string().min(1, "must be a port, or HOST:PORT").max(longLine))
    .describe(`${description}: a port of this server, or HOST:PORT`);
export const command = (description: string) =>
  z
    .array(text("A word", longText), "must be a list of words")
    .min(1, "must have at least one word")
    .describe(description);
export const count = (most: number, description: string) =>
  z
    .int(`must be a whole number from 1 to ${most}`)
    .min(1, `must be a whole number from 1 to ${most}`)
    .max(most, `must be a whole number from 1 to ${most}`)
    .describe(description);
