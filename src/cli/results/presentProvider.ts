import { exitCodes } from "../../exitCodes.ts";
import type { ProviderDescription } from "../../providers/describeProvider.ts";
import { cleanText } from "../../reporters/cleanText.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentProvider(provider: ProviderDescription): CommandResult {
  const { settings, capabilities, prerequisites, defaults, actions } = provider;
  const rows = settings.map((setting) => [
    setting.variable,
    setting.required ? "required" : (setting.default ?? "optional"),
    setting.description,
  ]);
  const sizes = [
    defaults.vm_memory === undefined ? undefined : `${defaults.vm_memory} MiB`,
    defaults.vm_vcpus === undefined ? undefined : `${defaults.vm_vcpus} processors`,
    defaults.vm_disk_size === undefined ? undefined : `${defaults.vm_disk_size} GiB disk`,
  ].filter((size) => size !== undefined);
  const text = [
    `${provider.name}: ${provider.title}`,
    ...(provider.description === "" ? [] : [provider.description]),
    ...(provider.says === undefined ? [] : ["", cleanText(provider.says), ""]),
    `folder: ${provider.folder}`,
    ...(sizes.length === 0 ? [] : [`default size: ${sizes.join(", ")}`]),
    "",
    rows.length === 0 ? "settings: none" : renderTable(["SETTING", "DEFAULT", "MEANING"], rows),
    "",
    ...Object.entries(capabilities).map(([name, can]) => `${name}: ${can === true ? "yes" : `no, ${can}`}`),
    ...prerequisites.map(
      ({ command, optional, purpose }) => `needs ${command}${optional ? " (optional)" : ""}: ${purpose}`,
    ),
    ...Object.entries(actions).map(
      ([name, { description }]) => `action ${name}: ${description} (landfall provider run STACK ${name})`,
    ),
  ].join("\n");
  return { command: "provider info", ok: true, data: provider, text, exit: exitCodes.done };
}
