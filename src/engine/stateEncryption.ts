import { scryptSync } from "node:crypto";
import { asciiJson } from "../asciiJson.ts";
import type { Secret } from "../configuration/Secret.ts";

export interface StateKeys {
  /** What is written is encrypted with it; undefined: written in plain text. */
  key: Secret | undefined;
  /** What may still be encrypted with an older key can be read. */
  previousKey?: Secret | undefined;
  /** What may still be in plain text can be read. */
  plainToo?: boolean;
}

/** The keys come from a generator, so the engine's smallest number of rounds does; it is asked for at every call. */
const iterations = 200_000;

/**
 * The engine's TF_ENCRYPTION for these keys; undefined where there is nothing to encrypt or decrypt. Plans are encrypted
 * as states are. A key goes by its own fingerprint, because the engine files the salt under that name: so two keys can
 * be tried on one state.
 */
export function stateEncryption({ key, previousKey, plainToo = false }: StateKeys): string | undefined {
  if (key === undefined && previousKey === undefined) return undefined;
  const providers = [key, previousKey].filter((one) => one !== undefined).map(keyProvider);
  const names = [key, previousKey].map((one) => (one === undefined ? undefined : `method.aes_gcm.${keyName(one)}`));
  const plain = "method.unencrypted.plain";
  const [current = plain, previous] = names;
  const fallbacks = [previous === current ? undefined : previous, plainToo && current !== plain ? plain : undefined];
  const usesPlain = current === plain || fallbacks.includes(plain);
  return [
    ...new Set(providers),
    ...(usesPlain ? ['method "unencrypted" "plain" {}'] : []),
    block("state", [
      `method = ${current}`,
      ...fallbackBlocks(fallbacks.filter((one) => one !== undefined)),
      ...(usesPlain ? [] : ["enforced = true"]),
    ]),
    block("plan", [`method = ${current}`, ...(current === plain ? [] : ["enforced = true"])]),
  ].join("\n");
}

/** Tells keys apart; slow to compute, so that it is no help in guessing a short one. */
function keyName(key: Secret): string {
  const text = key.reveal();
  const known = keyNames.get(text);
  if (known !== undefined) return known;
  const name = `k${scryptSync(text, "landfall state key", 8).toString("hex")}`;
  keyNames.set(text, name);
  return name;
}

const keyNames = new Map<string, string>();

function keyProvider(key: Secret): string {
  const name = keyName(key);
  return [
    block(`key_provider "pbkdf2" "${name}"`, [`passphrase = ${hclString(key.reveal())}`, `iterations = ${iterations}`]),
    block(`method "aes_gcm" "${name}"`, [`keys = key_provider.pbkdf2.${name}`]),
  ].join("\n");
}

function fallbackBlocks([first, ...others]: readonly string[]): string[] {
  return first === undefined ? [] : [block("fallback", [`method = ${first}`, ...fallbackBlocks(others)])];
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.join("\n")}\n}`;
}

/** No template can begin in it, and nothing in it is brought into another Unicode form. */
function hclString(text: string): string {
  return asciiJson(text).replaceAll("$", "\\u0024").replaceAll("%", "\\u0025");
}
