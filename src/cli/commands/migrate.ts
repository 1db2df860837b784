import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, waitFlag, yesFlag, type CommonFlags, type WaitFlag, type YesFlag } from "../flags.ts";

interface Flags extends CommonFlags, YesFlag, WaitFlag {
  from?: string;
  dryRun: boolean;
  skipState: boolean;
  stack?: string;
  acceptChanges: boolean;
  acceptHostKey?: string;
}

const off = { kind: "boolean", default: false, withNegated: false } as const;
const text = { kind: "parsed", parse: String, optional: true } as const;

export const migrate = buildCommand<Flags, [], CliContext>({
  loader: async () => {
    const { migrateTree } = await import("../../operations/migration/migrateTree.ts");
    const { presentMigration } = await import("../results/presentMigration.ts");
    return async function (flags) {
      this.finish(presentMigration(await migrateTree(flags, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...yesFlag,
      ...waitFlag,
      from: { ...text, brief: "The old tree; the present one unless given", placeholder: "DIR" },
      dryRun: { ...off, brief: "Only show what would be done" },
      skipState: { ...off, brief: "Leave the old state alone" },
      stack: { ...text, brief: "Whose state the old one is, or whose host key is accepted", placeholder: "STACK" },
      acceptChanges: {
        ...off,
        brief: "Take the state over although the next apply changes something; nothing that touches the machine",
      },
      acceptHostKey: {
        ...text,
        brief: "Fingerprint of the machine's host key, where known_hosts does not have it",
        placeholder: "SHA256:...",
      },
    },
  },
  docs: {
    brief: "Take over configuration and state of the shell version; the old files stay as they are",
    fullDescription:
      "Reads the environment files, provider files, *.tfvars and the one state of the shell version as data, shows what becomes of them, and writes the present layout. Nothing old is changed, nothing new is overwritten. The state is taken over only where a plan proves that nothing would change.",
  },
});
