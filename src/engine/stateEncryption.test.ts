import { expect, test } from "vitest";
import { Secret } from "../configuration/Secret.ts";
import { stateEncryption } from "./stateEncryption.ts";

const [a, b] = [new Secret("a-key-that-is-long-enough"), new Secret("another-key-that-is-long")];
const count = (text: string | undefined, what: string): number => (text ?? "").split(what).length - 1;

test("without a key there is nothing to say", () => {
  expect(stateEncryption({ key: undefined })).toBeUndefined();
  expect(stateEncryption({ key: undefined, plainToo: true })).toBeUndefined();
});

test("with a key, plain text is neither read nor written", () => {
  const text = stateEncryption({ key: a });
  expect(count(text, "enforced = true")).toBe(2);
  expect(text).not.toContain("unencrypted");
  expect(text).not.toContain("fallback");
});

test("what was written with the previous key, or in plain text, can be read, and is written with the present one", () => {
  const text = stateEncryption({ key: a, previousKey: b, plainToo: true });
  const [first, second] = [...(text ?? "").matchAll(/method "aes_gcm" "(k\w+)"/g)].map(([, name]) => name);
  expect(first).not.toBe(second);
  expect(text).toMatch(
    new RegExp(`state \\{\\nmethod = method.aes_gcm.${first}\\nfallback \\{\\nmethod = method.aes_gcm.${second}`),
  );
  expect(count(text, "method.unencrypted.plain")).toBe(1);
});

test("encryption that is given up: written in plain text, read with the previous key", () => {
  const text = stateEncryption({ key: undefined, previousKey: b });
  expect(text).toMatch(/state \{\nmethod = method.unencrypted.plain\nfallback \{\nmethod = method.aes_gcm/);
  expect(text).not.toContain("enforced");
});

test("the same key twice is one; a key goes by the same name every time", () => {
  const text = stateEncryption({ key: a, previousKey: new Secret(a.reveal()) });
  expect(count(text, 'key_provider "pbkdf2"')).toBe(1);
  expect(text).not.toContain("fallback");
  expect(stateEncryption({ key: a })).toBe(stateEncryption({ key: new Secret(a.reveal()) }));
});

test("what the engine would read as a template or the end of a text is escaped", () => {
  const text = stateEncryption({ key: new Secret('${x} %{if} "quoted" \\n ä') });
  expect(text).toContain('passphrase = "\\u0024{x} \\u0025{if} \\"quoted\\" \\\\n \\u00e4"');
});
