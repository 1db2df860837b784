import { quoted, type Parser } from "./Parsed.ts";

/** A whole number within limits; `unit`, where there is one, is told to the user and never written by them. */
export function integer(minimum: number, maximum: number, unit: string): Parser<number> {
  const range = `a whole number ${unit === "" ? "" : `of ${unit} `}from ${minimum} to ${maximum}`;
  return (text) => {
    if (!/^\d{1,15}$/.test(text)) {
      const bare = unit === "GiB" ? /^(\d{1,15}) ?g(i?b)?$/i.exec(text)?.[1] : undefined;
      const what = bare === undefined ? `${range}, digits only` : `${bare}, without the unit`;
      return { message: `is ${quoted(text)}, not ${range}`, hint: `write ${what}` };
    }
    const value = Number(text);
    if (value >= minimum && value <= maximum) return { value };
    const which = value < minimum ? `less than ${minimum}` : `more than ${maximum}`;
    return { message: `is ${[value, unit].join(" ").trim()}, ${which}`, hint: `write ${range}` };
  };
}

/** A size of memory; a number that can only be meant in GiB gets a hint. */
export const memory: Parser<number> = (text) => {
  const parsed = integer(256, 16_777_216, "MiB")(text);
  const mebibytes = /^(\d{1,8}) ?[Mm]([Ii]?[Bb])?$/.exec(text)?.[1];
  if (mebibytes !== undefined && "hint" in parsed) return { ...parsed, hint: `write ${mebibytes}, without the unit` };
  const mebibyte = 1024 * 1024;
  if ("hint" in parsed && /^\d{9,15}$/.test(text) && Number(text) % mebibyte === 0)
    return { ...parsed, hint: `the unit is MiB: ${text} bytes are ${Number(text) / mebibyte}` };
  const gibibytes = /^(\d{1,2}|\d{3} ?(?=[Gg]))( ?[Gg](i?[Bb])?)?$/.exec(text)?.[1]?.trim();
  if ("value" in parsed || gibibytes === undefined || gibibytes === "0") return parsed;
  return { ...parsed, hint: `the unit is MiB: ${gibibytes} GiB are ${Number(gibibytes) * 1024}` };
};

export const flag: Parser<boolean> = (text) => {
  if (text === "true" || text === "false") return { value: text === "true" };
  const meant = /^(yes|on|1|true)$/i.test(text) ? "true" : /^(no|off|0|false)$/i.test(text) ? "false" : "true or false";
  return { message: `is ${quoted(text)}, neither true nor false`, hint: `write ${meant}` };
};

/** Public keys of age, with spaces or commas between them. */
export const ageRecipients: Parser<string[]> = (text) => {
  const recipients = text.split(/[\s,]+/).filter((recipient) => recipient !== "");
  const wrong = recipients.find((recipient) => !/^age1[02-9ac-hj-np-z]{20,2500}$/.test(recipient));
  if (recipients.length > 0 && wrong === undefined) return { value: recipients };
  const secret = /^AGE-SECRET-KEY/i.test(wrong ?? "");
  return {
    message: secret ? "is a private key, which no server may have" : "is no public key of age",
    hint: "write what `age-keygen` shows as the public key: age1...",
  };
};

export function oneOf<const T extends string>(...choices: T[]): Parser<T> {
  return (text) => {
    const value = choices.find((choice) => choice === text);
    if (value !== undefined) return { value };
    return {
      message: `is ${quoted(text)}, which is none of ${choices.join(", ")}`,
      hint: `write ${choices.join(" or ")}`,
    };
  };
}

/** One label of a host name: what clouds take as a machine's name. */
export const hostname: Parser<string> = (text) => {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return { value: text };
  return {
    message: text.length > 63 ? `is ${text.length} characters long` : `is ${quoted(text)}, not a host name`,
    hint: "write at most 63 lower-case letters, digits and inner dashes",
  };
};

export const domain: Parser<string> = (text) => {
  const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
  if (text.length <= 253 && text.split(".").every((part) => label.test(part))) return { value: text };
  return {
    message: `is ${quoted(text)}, not a domain name`,
    hint: "write a name such as tracker.yourdomain.org, without https:// and path",
  };
};

export const email: Parser<string> = (text) => {
  const [name, host, more] = text.split("@");
  const fine = name !== undefined && /^[^\s"'<>(),;:\\]+$/.test(name) && host !== undefined && more === undefined;
  if (fine && host.includes(".") && "value" in domain(host)) return { value: text };
  return { message: `is ${quoted(text)}, not a mail address`, hint: "write an address such as admin@yourdomain.org" };
};

export function identifier(longest: number): Parser<string> {
  return (text) => {
    if (/^[A-Za-z0-9_$-]+$/.test(text) && text.length <= longest) return { value: text };
    return {
      message: `is ${quoted(text)}, not a name that the database takes`,
      hint: `write at most ${longest} letters, digits, _, $ and -`,
    };
  };
}

/** A secret; its message never quotes it. */
export const secretText: Parser<string> = (text) => {
  if (text === "") return { message: "is empty", hint: "give a value" };
  if ([...text].some((character) => character < " " || character === "\x7F")) {
    return { message: "contains a line end or another control character", hint: "use printable characters" };
  }
  return { value: text };
};
