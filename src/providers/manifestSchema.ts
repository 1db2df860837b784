import { z } from "zod";
import {
  longLine,
  addresses,
  capability,
  line,
  plain,
  seconds,
  settingKey,
  size,
  text,
  variable,
} from "./manifestFields.ts";
import { providerNamePattern } from "./providerName.ts";

/** One entry of `settings`. */
export const settingSchema = z
  .strictObject(
    {
      description: line("What the setting means, as one line"),
      secret: z
        .boolean("must be true or false")
        .default(false)
        .describe("Never shown, never written to variables, state or arguments; needs `environment`"),
      required: z.boolean("must be true or false").default(false).describe("Whether a value has to be given"),
      environment: variable("Environment variable by which the value reaches the plugin").optional(),
      pattern: text(
        "A regular expression, as JavaScript has them without flags (no \\p{...}), that the whole value matches",
        longLine,
      ).optional(),
      default: plain.describe("The value where none is given").optional(),
      examples: z.array(plain, "must be a list").default([]).describe("Values that make sense"),
      aliases: z
        .array(variable("An older spelling, as a whole variable name"), "must be a list")
        .default([])
        .describe("Older spellings that are accepted, as whole variable names"),
      computed: z
        .boolean("must be true or false")
        .default(false)
        .describe("Filled in by the provider's own `prepare`; users cannot set it"),
      place: z
        .boolean("must be true or false")
        .optional()
        .describe(
          "Whether `findOrphans` finds only what was made with the same value, as with a region or a project; where no setting says so, all of them count",
        ),
    },
    "must be a map of description, default and so on",
  )
  .describe("One setting that the provider takes");

const prerequisite = z
  .strictObject(
    {
      command: z
        .string("must be the name of a program")
        .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "must be the name of a program, without a path")
        .describe("A program that has to be on this computer"),
      optional: z.boolean("must be true or false").default(false).describe("Whether the provider works without it"),
      purpose: text("What the program is needed for, as a phrase"),
      package: z
        .string("must be the name of a package")
        .regex(/^[a-z0-9][a-z0-9.+-]+$/, "must be the name of a Debian package")
        .optional()
        .describe("Debian package that brings it; by default of the same name as the command"),
    },
    "must be a map of command, purpose and so on",
  )
  .describe("One program that the provider needs on this computer");

/** The shape of `provider.yaml`, contract 1. Rules that concern several keys at once are in `crossChecks`. */
export const manifestSchema = z
  .strictObject(
    {
      contract: z.literal(1, "must be 1").describe("Version of the provider contract"),
      name: z
        .string("must be text")
        .regex(
          providerNamePattern,
          "must be lower-case letters, digits and hyphens, at most 31, beginning with a letter",
        )
        .describe("The same as the folder's name"),
      title: text("The provider's name as people write it"),
      description: line("What the provider offers, as one line"),
      settings: z
        .record(
          z
            .string()
            .regex(
              /^(?!constructor$)[a-z][a-z0-9_]*$/,
              "must be lower-case letters, digits and underscores, beginning with a letter, and not constructor",
            ),
          settingSchema,
          "must be a map of settings",
        )
        .default({})
        .describe(
          "Settings by key: lower-case letters, digits and underscores, beginning with a letter, not `constructor`; each is fed from PROVIDER_<NAME>_<KEY>",
        ),
      prerequisites: z.array(prerequisite, "must be a list").default([]).describe("Programs needed on this computer"),
      defaults: z
        .strictObject(
          {
            vm_memory: size("Memory in MiB: VM_MEMORY_DEFAULT"),
            vm_vcpus: size("Number of processors: VM_VCPUS_DEFAULT"),
            vm_disk_size: size("Disk in GiB: VM_DISK_SIZE_DEFAULT"),
          },
          "must be a map of sizes",
        )
        .default({})
        .describe("Sizes used where the environment leaves them open"),
      capabilities: z
        .strictObject(
          {
            create: capability("Makes the machine, and removes it with the stack", true),
            data_disk: capability("A disk that survives replacement of the machine"),
            reserve_address: capability("An address that survives replacement of the machine"),
            ipv6: capability("An IPv6 address"),
            user_data: capability("Hands user data to cloud-init; without it the machine is prepared over SSH", true),
            console: capability("Gives the serial console"),
            local: capability("Runs machines on this computer"),
          },
          "must be a map of capabilities",
        )
        .prefault({})
        .describe("What the provider can do"),
      timeouts: z
        .strictObject(
          {
            create: seconds(300, "Budget for making the machine"),
            ssh: seconds(300, "Budget until SSH answers"),
            cloud_init: seconds(600, "Budget until the first boot, or the preparation over SSH, has finished"),
            destroy: seconds(180, "Budget for removing everything"),
          },
          "must be a map of seconds",
        )
        .prefault({})
        .describe("Budgets in seconds"),
      resources: z
        .strictObject(
          {
            machine: addresses("The machine"),
            disk: addresses("Root disks that live apart from the machine: while they stay, replacing it is a restart"),
            data: addresses("What holds the user's data"),
            address: addresses("The reserved address"),
            restart: addresses("Attributes whose change in place restarts the machine"),
          },
          "must be a map of resource addresses",
        )
        .prefault({})
        .describe("Resource addresses inside the module, by the role that they play"),
      endpoint: z
        .strictObject(
          {
            environment: variable("Environment variable that redirects the plugin"),
            path: z
              .string("must be text")
              .regex(/^\//, "must begin with /")
              .optional()
              .describe("Path below the address of the rehearsal"),
          },
          "must be a map of environment and path",
        )
        .optional()
        .describe("How a rehearsal redirects the plugin"),
      catalog: z
        .strictObject(
          {
            type: settingKey("Key of the setting that holds the type of the machine, such as server_type"),
            region: settingKey("Key of the setting that holds the region"),
          },
          "must be a map with the keys type and region",
        )
        .optional()
        .describe("Which settings catalog.json, the list of types beside this file, is about"),
      actions: z
        .record(
          z
            .string()
            .regex(
              /^[a-z][a-z0-9-]{0,30}$/,
              "must be at most 31 lower-case letters, digits and hyphens, beginning with a letter",
            ),
          z.strictObject(
            { description: text("What the action does, as one line") },
            "must be a map with the key description",
          ),
          "must be a map of actions",
        )
        .default({})
        .describe(
          "Commands of the provider's own, by name: at most 31 lower-case letters, digits and hyphens, beginning with a letter; provider.ts implements them: landfall provider run",
        ),
      plugin: z
        .strictObject(
          {
            source: z
              .string("must be text")
              .regex(
                /^([A-Za-z0-9.-]+(:\d+)?\/)?[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/,
                "must be NAMESPACE/TYPE or HOST/NAMESPACE/TYPE",
              )
              .describe("Source address of the plugin, as in required_providers"),
            environment: z
              .array(
                z
                  .string("must be the name of a variable")
                  .regex(
                    /^[A-Z][A-Z0-9_]*\*?$/,
                    "must be the name of a variable, or a beginning and *, such as ACME_*",
                  ),
                "must be a list of names",
              )
              .default([])
              .describe("Variables of the user's environment that the plugin may see, such as a chain of credentials"),
          },
          "must be a map with the key source",
        )
        .optional()
        .describe("The plugin, for the source build"),
    },
    "must be a map with contract, name and title",
  )
  .describe("provider.yaml: what a provider is, takes and can do (provider contract, version 1)");
