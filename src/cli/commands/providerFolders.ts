import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, yesFlag, type CommonFlags, type YesFlag } from "../flags.ts";

const providerParameter = {
  kind: "tuple",
  parameters: [{ brief: "Name of a provider", parse: String, placeholder: "NAME" }],
} as const;

interface NewFlags extends CommonFlags {
  in?: string;
}

export const create = buildCommand<NewFlags, [string], CliContext>({
  loader: async () => {
    const { createProvider } = await import("../../operations/createProvider.ts");
    const { presentNewProvider } = await import("../results/presentNewProvider.ts");
    return async function (flags, name) {
      this.finish(presentNewProvider(await createProvider({ name, parent: flags.in }, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      in: {
        kind: "parsed",
        parse: String,
        brief: "Make its folder in this one instead of the tree",
        optional: true,
        placeholder: "FOLDER",
      },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of the new provider", parse: String, placeholder: "NAME" }],
    },
  },
  docs: { brief: "Make the folder of a new provider, which plans and can be checked as it is" },
});

interface AddFlags extends CommonFlags, YesFlag {
  name?: string;
  replace: boolean;
}

export const add = buildCommand<AddFlags, [string], CliContext>({
  loader: async () => {
    const { addProvider } = await import("../../operations/addProvider.ts");
    const { presentAddedProvider } = await import("../results/presentProviderFolders.ts");
    return async function ({ name, replace, yes }, source) {
      this.finish(presentAddedProvider(await addProvider({ source, name, replace, yes }, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...yesFlag,
      name: { kind: "parsed", parse: String, brief: "What to call it here", optional: true, placeholder: "NAME" },
      replace: {
        kind: "boolean",
        brief: "Replace one that was added before and has not been changed since",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "A folder, git+https://HOST/PATH#COMMIT[:SUBFOLDER], or npm:NAME@VERSION[/SUBFOLDER]",
          parse: String,
          placeholder: "SOURCE",
        },
      ],
    },
  },
  docs: { brief: "Copy somebody's provider into the tree and record where it came from; executes nothing of it" },
});

export const accept = buildCommand<CommonFlags & YesFlag, [string], CliContext>({
  loader: async () => {
    const { acceptProvider } = await import("../../operations/acceptProvider.ts");
    const { presentAcceptedProvider } = await import("../results/presentProviderFolders.ts");
    return async function ({ yes }, name) {
      this.finish(presentAcceptedProvider(await acceptProvider({ name, yes }, this.operations)));
    };
  },
  parameters: { flags: { ...commonFlags, ...yesFlag }, positional: providerParameter },
  docs: { brief: "Let a provider's folder run as it is now" },
});

export const remove = buildCommand<CommonFlags & YesFlag, [string], CliContext>({
  loader: async () => {
    const { removeProvider } = await import("../../operations/removeProvider.ts");
    const { presentRemovedProvider } = await import("../results/presentProviderFolders.ts");
    return async function ({ yes }, name) {
      this.finish(presentRemovedProvider(await removeProvider({ name, yes }, this.operations)));
    };
  },
  parameters: { flags: { ...commonFlags, ...yesFlag }, positional: providerParameter },
  docs: { brief: "Remove a provider that was added, unless stacks of it exist" },
});
