import { relative } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Workspace } from "../Workspace.ts";
import { closestName } from "../documents/closestName.ts";
import type { Discovery, Provider } from "./Provider.ts";

/** The provider of that name. Throws AppError `provider.unknown`, or `provider.broken` with its problems. */
export function findProvider(discovery: Discovery, name: string, workspace: Workspace): Provider {
  const provider = discovery.providers.find((candidate) => candidate.name === name);
  if (provider !== undefined) return provider;
  const broken = discovery.broken.find((candidate) => candidate.name === name);
  if (broken !== undefined) {
    throw new AppError(
      "provider.broken",
      `provider ${plain(name)} cannot be used: ${plain(broken.reason)} (${plain(broken.where)})`,
      {
        hint: "mend what is named here, then run the same command again",
        exit: exitCodes.usage,
        problems: broken.problems,
      },
    );
  }
  throw unknown(discovery, name, workspace);
}

function unknown({ providers, broken, searched }: Discovery, name: string, { root }: Workspace): AppError {
  const places = searched.map((path) => shown(`${path}/${name}`, root)).join(" or ");
  const names = providers.map((provider) => provider.name);
  const similar = closestName(name, names);
  const existing = names.length === 0 ? "there is none" : `there are: ${names.join(", ")}`;
  const unusable = broken.length === 0 ? "" : `; broken: ${broken.map((entry) => entry.name).join(", ")}`;
  return new AppError("provider.unknown", `there is no provider "${name}": ${places} does not exist`, {
    hint: `${similar !== undefined ? `did you mean ${similar}? ` : ""}${existing}${unusable}`,
    exit: exitCodes.usage,
  });
}

/** Names of folders may hold line ends. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 600);
}

function shown(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith("..") ? path : inside;
}
