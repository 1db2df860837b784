import type { Manifest, Setting } from "../providers/Manifest.ts";
import type { Expansion, ExpandedValue } from "./expandValues.ts";
import { placeholderIn } from "./placeholders.ts";
import { providerVariable } from "./providerVariable.ts";

const sample = "rehearsal";

/**
 * The values of a rehearsal: every secret, and whatever a template leaves open, becomes a sample that has the expected
 * form. So nothing of the user's secrets gets near a simulation, and templates alone are enough.
 */
export async function sampleValues(
  expansion: Expansion,
  { name, settings }: Pick<Manifest, "name" | "settings">,
): Promise<Expansion> {
  const declared = new Map(Object.entries(settings).map(([key, setting]) => [providerVariable(name, key), setting]));
  const values = new Map<string, ExpandedValue>();
  for (const [key, value] of expansion.values) {
    const open = value.secret || placeholderIn(value.text) !== undefined;
    values.set(key, open ? { ...value, text: await sampleOf(declared.get(key)), pending: [] } : value);
  }
  for (const [key, setting] of declared) {
    const value = values.get(key);
    if (!setting.required || setting.default !== undefined || (value !== undefined && value.text !== "")) continue;
    const text = await sampleOf(setting);
    values.set(key, {
      key,
      text,
      secret: setting.secret,
      origin: { layer: "built-in" },
      spelling: key,
      parts: [],
      pending: [],
    });
  }
  return { ...expansion, values };
}

/** The first example of a setting; else text that matches its pattern, the same every time. */
async function sampleOf(setting: Setting | undefined): Promise<string> {
  const [example] = setting?.examples ?? [];
  if (example !== undefined) return example;
  if (setting?.pattern === undefined) return sample;
  const pattern = new RegExp(`^(?:${setting.pattern})$`);
  if (pattern.test(sample)) return sample;
  // Loaded only here: it is large.
  const { sample: draw, stringMatching } = await import("fast-check");
  try {
    return draw(stringMatching(pattern), { seed: 1, numRuns: 1 })[0] ?? sample;
  } catch {
    // A pattern of a form that it does not know: the plugin will say what is wrong with the sample.
    return sample;
  }
}
