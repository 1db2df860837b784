import { EnvText, literal } from "./EnvText.ts";
import type { Note } from "./Migration.ts";
import type { OldTree } from "./readOldTree.ts";
import type { SettingNames } from "./settingNames.ts";
import type { TfvarsFile, TfvarsValue } from "./parseTfvars.ts";

/** One file of the new layout, before anybody looked whether it exists. */
export interface Translated {
  kind: "environment" | "provider";
  name: string;
  /** Old files, as messages name them. */
  from: string[];
  /** Absolute path of the old file of which this is the continuation. */
  path?: string;
  content: EnvText;
  notes: Note[];
  /** Values that the old file does not have. */
  added: Map<string, { value: string; from: string }>;
}

/**
 * Every environment and provider file as it is written today: present names, each setting in the file where it belongs,
 * values of `.tfvars` that no file has. `left` are the lines of which nothing is made.
 * @param inPlace the old files stay where they are and count: settings are not moved from one to another
 */
export function translateTree(
  tree: OldTree,
  names: SettingNames,
  inPlace: boolean,
): { files: Translated[]; left: Note[] } {
  const files = new Map<string, Translated>();
  const left: Note[] = [];
  for (const kind of ["environment", "provider"] as const) {
    for (const { name, path, content } of kind === "environment" ? tree.environments : tree.providers) {
      files.set(`${kind}/${name}`, {
        kind,
        name,
        from: [content.file],
        path,
        content,
        notes: [...content.notes],
        added: new Map(),
      });
    }
  }
  const environments = [...files.values()].filter(({ kind }) => kind === "environment");
  for (const file of files.values()) usePresentNames(file, names);
  for (const file of environments) nameEnvironment(file);
  for (const file of files.values()) if (file.kind === "provider") leaveOutForeign(file, names);
  moveProviderSettings(environments, providerFile, names, inPlace);
  for (const tfvars of tree.tfvars) takeTfvars(tfvars);
  return { files: [...files.values()], left };

  function providerFile(name: string): Translated {
    const key = `provider/${name}`;
    const existing = files.get(key);
    if (existing !== undefined) return existing;
    const made: Translated = {
      kind: "provider",
      name,
      from: [],
      content: new EnvText("", `${name}.env`),
      notes: [],
      added: new Map(),
    };
    files.set(key, made);
    return made;
  }

  function takeTfvars({ file, values, problems }: TfvarsFile): void {
    left.push(
      ...problems.map(({ where = file, key, message, hint }) => ({
        where,
        ...(key === undefined ? {} : { key }),
        message: `is not taken over: ${message}`,
        ...(hint === undefined ? {} : { hint }),
      })),
    );
    if (
      values.some(
        ({ name, text }) => text !== "" && names.secret(names.ofTfvars(name, undefined) ?? name.toUpperCase()),
      )
    ) {
      const hint = "remove it when the old tool is not needed any more";
      left.push({ where: file, message: "holds secrets in clear text", hint });
    }
    const text = new Map(values.map(({ name, text }) => [name, text]));
    const provider = text.get("infrastructure_provider") ?? /([\w-]+)\.auto\.tfvars$/.exec(file)?.[1];
    const environment = environmentOf(file, text.get("vm_name"));
    for (const value of values) {
      if (value.name !== "infrastructure_provider") takeValue(value, file, provider, environment);
    }
  }

  function environmentOf(file: string, vmName: string | undefined): Translated | undefined {
    if (/(^|\/)local\.tfvars$/.test(file)) return files.get("environment/development");
    const named = environments.filter(
      ({ content }) => vmName !== undefined && literal(content.entry("VM_NAME")?.parts) === vmName,
    );
    return named.length === 1 ? named[0] : environments.length === 1 ? environments[0] : undefined;
  }

  function takeValue(
    { name, text, line }: TfvarsValue,
    file: string,
    provider: string | undefined,
    environment: Translated | undefined,
  ): void {
    const where = `${file}:${line}`;
    const key = names.ofTfvars(name, provider);
    if (key === undefined) {
      left.push({ where, key: name, message: "is not taken over: nothing has this name today" });
      return;
    }
    if (text === "") return;
    const owner = names.owner(key);
    const holders = owner === undefined ? [environment] : [files.get(`provider/${owner}`), ...environments];
    const present = holders.find((holder) => holder !== undefined && has(holder, key));
    if (present !== undefined) {
      const there = literal(present.content.entry(key)?.parts) ?? present.added.get(key)?.value;
      if (there !== undefined && there !== text) {
        const message = `is left out: it differs from ${key} of ${present.from[0] ?? "another file"}, which counts`;
        left.push({ where, key: name, message });
      }
      return;
    }
    const target = owner === undefined ? environment : providerFile(owner);
    if (target === undefined) {
      const hint = `write ${key} into the file of the environment that it is for`;
      left.push({ where, key: name, message: "is not taken over: it does not say for which environment it is", hint });
      return;
    }
    target.added.set(key, { value: text, from: file });
    if (!target.from.includes(file)) target.from.push(file);
    target.notes.push({ where, key: name, message: `becomes ${key}` });
  }
}

function has({ content, added }: Translated, key: string): boolean {
  return content.entry(key) !== undefined || added.has(key);
}

function usePresentNames({ content, notes }: Translated, names: SettingNames): void {
  for (const { key, line } of content.entries) {
    const present = names.present(key);
    if (present === key) continue;
    const where = `${content.file}:${line}`;
    if (content.entry(present) === undefined) {
      content.rename(key, present);
      notes.push({ where, key, message: `is called ${present} now` });
    } else {
      content.drop(key, `${key} is left out: ${present} is set too.`);
      notes.push({ where, key, message: `is an old name of ${present}, which is set too: it is not needed` });
    }
  }
}

function nameEnvironment({ name, content, notes }: Translated): void {
  const entry = content.entry("ENVIRONMENT");
  if (entry === undefined || literal(entry.parts) === name) return;
  content.replace("ENVIRONMENT", name);
  notes.push({ where: `${content.file}:${entry.line}`, key: "ENVIRONMENT", message: `is ${name} now` });
}

function leaveOutForeign({ name, content, notes }: Translated, names: SettingNames): void {
  for (const { key, line } of content.entries) {
    if (!names.unknownTo(name, key)) continue;
    content.drop(key, `${key} is left out: provider ${name} has no such setting.`);
    notes.push({
      where: `${content.file}:${line}`,
      key,
      message: `has no effect: provider ${name} has no setting of this name that can be set`,
      hint: `landfall provider info ${name} lists them`,
    });
  }
}

/**
 * A provider's file was read after the environment's and won; today the environment's wins. So what both had is left out
 * of the environment's; what every environment says in the same way goes to the provider's file; the rest stays.
 */
function moveProviderSettings(
  environments: readonly Translated[],
  providerFile: (name: string) => Translated,
  names: SettingNames,
  inPlace: boolean,
): void {
  const keys = new Set(environments.flatMap(({ content }) => content.entries.map(({ key }) => key)));
  for (const key of keys) {
    const owner = names.owner(key);
    if (owner === undefined) continue;
    const holders = environments.filter(({ content }) => content.entry(key) !== undefined);
    const values = holders.map(({ content }) => literal(content.entry(key)?.parts));
    const provider = providerFile(owner);
    if (has(provider, key)) {
      const counted = literal(provider.content.entry(key)?.parts);
      for (const [index, holder] of holders.entries()) {
        if (counted !== undefined && counted === values[index]) leaveOut(holder, key, `is in ${owner}.env too`);
        else
          leaveOut(holder, key, `was overruled by ${owner}.env; today it would be the other way round: leave it out`);
      }
      continue;
    }
    const [value] = values;
    const everywhere = holders.length === environments.length && values.every((other) => other === value);
    if (inPlace || value === undefined || !everywhere) continue;
    for (const holder of holders) leaveOut(holder, key, `belongs to ${owner}.env: it is the same in every environment`);
    const from = holders.map(({ content }) => content.file);
    provider.added.set(key, { value, from: from.join(", ") });
    provider.from.push(...from.filter((file) => !provider.from.includes(file)));
  }
}

function leaveOut({ content, notes }: Translated, key: string, message: string): void {
  const line = content.entry(key)?.line ?? 0;
  content.drop(key, `${key} ${message}.`);
  notes.push({ where: `${content.file}:${line}`, key, message });
}
