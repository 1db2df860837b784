import { execFileSync } from "node:child_process";
import { assert, pre, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./createRedactor.ts";

const key = [
  "-----BEGIN KEY-----",
  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
  "AAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz",
  "-----END KEY-----",
];

test.each([
  ["plain", 'p&ss"<w>0rd/+'],
  ["with line ends", "first line\nsecond line"],
  ["with what HCL expands", "a${b}c%{d}e"],
  ["with quotes of the shell", "it's a 'secret'"],
  ["beyond ASCII", "pässwörd→❄"],
  ["with the characters of patterns", "a.*[b](c)\\d$^|?{2}-/"],
])("a secret %s is found in every form", (_, secret) => {
  const redact = createRedactor([secret]).text;
  const basic = Buffer.from(`user:${secret}`).toString("base64");
  const forms = [
    secret,
    JSON.stringify(secret),
    JSON.stringify(JSON.stringify({ secret })),
    JSON.stringify(secret).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"),
    encodeURIComponent(secret),
    new URLSearchParams({ q: secret }).toString(),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ];
  for (const form of forms) {
    const shown = redact(`before ${form} after`);
    expect(shown, form).toContain("***");
    expect(shown, form).not.toContain(secret);
    expect(shown, form).toMatch(/^before .*after$/s);
  }
  expect(Buffer.from(redact(basic), "base64").toString("utf8")).not.toContain(secret);
});

test.each(['p&ss"<w>0rd/+', "a.*[b](c)\\d$^|?{2}-/", "pässwörd→❄", "first line of it\nsecond line of it"])(
  "sed finds %j in the same forms",
  (secret) => {
    const { sed } = createRedactor([secret]);
    for (const form of [...secret.split("\n"), JSON.stringify(secret), Buffer.from(secret).toString("base64")]) {
      const shown = execFileSync("sed", [sed], {
        input: `before ${form} after\n`,
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C" },
      });
      expect(shown, form).toMatch(/^before "?\*\*\*(\\n\*\*\*)?=?=?"? after\n$/);
    }
  },
);

test("a secret of several lines is found line by line, also indented", () => {
  const redactor = createRedactor([key.join("\n")]);
  const shown = key.map((line) => redactor.text(`    ${line}`));
  expect(shown).toEqual(key.map(() => "    ***"));
});

test("the longest form wins, so that no rest stays", () => {
  expect(createRedactor(["abcd", "abcdefgh"]).text("x abcdefgh x abcd")).toBe("x *** x ***");
});

test("too short to be a secret", () => {
  const redactor = createRedactor(["", "a", "abc"]);
  expect(redactor.idle).toBe(true);
  expect(redactor.text("abc a")).toBe("abc a");
});

test("values keep their shape, their keys and the words of the stream", () => {
  const redactor = createRedactor(["error", "hunter22"]);
  const value = { type: "error", n: 1, list: ["hunter22", null], deep: { error: "an error: hunter22" } };
  expect(redactor.value(value, ["type"])).toEqual({
    type: "error",
    n: 1,
    list: ["***", null],
    deep: { error: "an ***: ***" },
  });
});

describe("whatever the secret is", () => {
  const secret = string({ unit: "binary", minLength: 4, maxLength: 60 }).filter((text) => text.isWellFormed());

  test("no text that holds it shows it", () => {
    assert(
      property(secret, string(), string(), (hidden, before, after) => {
        pre(!"***".includes(hidden));
        const { text } = createRedactor([hidden]);
        expect(text(`${before}${hidden}${after}`)).not.toContain(hidden);
        expect(text(JSON.stringify({ hidden }))).not.toContain(JSON.stringify(hidden).slice(1, -1));
      }),
    );
  });

  test("inside base64 no run of it stays", () => {
    assert(
      property(string({ minLength: 16, maxLength: 40 }), string(), (hidden, before) => {
        const encoded = Buffer.from(`${before}${hidden}tail`).toString("base64");
        expect(createRedactor([hidden]).text(encoded)).toContain("***");
      }),
    );
  });
});
