import { exitCodes } from "../../exitCodes.ts";
import type { Discovery } from "../../providers/discoverProviders.ts";
import { oneLine, shownName } from "../../reporters/oneLine.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentProviders({ providers, broken }: Discovery): CommandResult {
  const rows = providers.map(({ name, manifest }) => [name, manifest.title, manifest.description]);
  const text = [
    renderTable(["PROVIDER", "TITLE", "DESCRIPTION"], rows),
    ...broken.map(
      ({ name, reason, where }) => `broken: ${shownName(name)}: ${oneLine(reason)} (${oneLine(where, 400)})`,
    ),
    "",
    "Details: landfall provider info NAME. Use: make infra-apply ENVIRONMENT=development PROVIDER=NAME",
  ].join("\n");
  const data = {
    providers: providers.map(({ name, folder, manifest }) => ({
      name,
      folder,
      title: manifest.title,
      description: manifest.description,
    })),
    broken,
  };
  return { command: "providers", ok: true, data, text, exit: exitCodes.done };
}
