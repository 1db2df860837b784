import type { Manifest, Setting } from "../providers/Manifest.ts";
import type { Expansion, ExpandedValue } from "./expandValues.ts";
import { placeholderIn } from "./placeholders.ts";
import { providerVariable } from "./providerVariable.ts";
import type { Origin } from "./StackConfiguration.ts";

const sample = "rehearsal";
/** No provider's setting has it otherwise. */
const sampled: Origin = { layer: "built-in" };

/**
 * The values of a rehearsal: every secret, and whatever a template leaves open, becomes a sample that has the expected
 * form. So nothing of the user's secrets gets near a simulation, and templates alone are enough.
 */
export async function sampleValues(
  expansion: Expansion,
  { name, settings }: Pick<Manifest, "name" | "settings">,
): Promise<Expansion> {
  const declared = new Map(
    Object.entries(settings).map(([key, setting]) => [providerVariable(name, key), { ...setting, key }]),
  );
  const values = new Map<string, ExpandedValue>();
  for (const [key, value] of expansion.values) {
    const open = value.secret || placeholderIn(value.text) !== undefined;
    const setting = declared.get(key);
    const origin = setting === undefined ? value.origin : sampled;
    values.set(key, open ? { ...value, text: await sampleOf(setting), origin, pending: [] } : value);
  }
  for (const [key, setting] of declared) {
    const value = values.get(key);
    if (!setting.required || setting.default !== undefined || (value !== undefined && value.text !== "")) continue;
    const text = await sampleOf(setting);
    values.set(key, {
      key,
      text,
      secret: setting.secret,
      origin: sampled,
      spelling: key,
      parts: [],
      pending: [],
    });
  }
  return { ...expansion, values };
}

/**
 * The first example of a setting; else text that matches its pattern, the same every time. What is secret has a sample of its own: one that
 * another setting has, too, would be found where it must not be.
 */
async function sampleOf(setting: (Setting & { key: string }) | undefined): Promise<string> {
  const [example] = setting?.examples ?? [];
  if (example !== undefined) return example;
  if (setting === undefined) return sample;
  const { key, secret, pattern: source } = setting;
  const words = secret ? [`${sample}-${key.replaceAll("_", "-")}`, sample + key.replaceAll(/[^a-z]/g, "")] : [sample];
  if (source === undefined) return words[0] ?? sample;
  const pattern = new RegExp(`^(?:${source})$`);
  return words.find((word) => pattern.test(word)) ?? (await drawn(pattern, secret ? seedOf(key) : 1));
}

/** Of a pattern of a form that cannot be drawn from, text that does not match: examples are asked for then. */
async function drawn(pattern: RegExp, seed: number): Promise<string> {
  // Loaded only here: it is large.
  const { sample: draw, stringMatching } = await import("fast-check");
  try {
    return draw(stringMatching(pattern), { seed, numRuns: 1 })[0] ?? sample;
  } catch {
    return sample;
  }
}

function seedOf(key: string): number {
  return [...key].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 1);
}
