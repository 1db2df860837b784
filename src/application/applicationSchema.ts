import { z } from "zod";
import {
  command,
  count,
  flag,
  mode,
  owner,
  path,
  place,
  plain,
  service,
  text,
  variable,
  when,
} from "./applicationFields.ts";

const setting = z
  .strictObject(
    {
      description: text("What the setting means, as one line"),
      secret: flag("Never shown; in no file of the server that others may read"),
      type: z
        .enum(["text", "boolean", "number"], "must be text, boolean or number")
        .default("text")
        .describe("How templates see the value"),
      default: plain.optional().describe("The value where the environment gives none"),
      optional: flag("Whether the application works without a value"),
      pattern: text("A regular expression that the whole value matches").optional(),
      examples: z.array(plain, "must be a list").default([]).describe("Values that make sense"),
    },
    "must be a map of description, secret and so on",
  )
  .describe("One variable that the application takes from the environment");

const template = z
  .strictObject(
    {
      source: path("The template, below the application's folder"),
      destination: path("The file, below the release"),
      mode: mode.optional().describe('Permissions; "0640" where a secret is in it, else "0644"'),
      owner,
      when,
    },
    "must be a map of source, destination and so on",
  )
  .describe("One file that is made from a template");

const files = z
  .strictObject(
    {
      source: path("A file or a folder, below the application's folder"),
      destination: path("Where it is put, below the release"),
      when,
    },
    "must be a map of source and destination",
  )
  .describe("A file or a folder that is copied as it is");

const data = z
  .strictObject(
    {
      path: path("The directory; compose.yaml names it ${DATA}/PATH"),
      owner,
      mode: mode.default("0750").describe("Permissions"),
    },
    "must be a map of path, owner and mode",
  )
  .describe("A directory that outlives releases");

const secret = z
  .union(
    [
      variable("The setting whose value is in the file; the file is root's").transform((name) => ({
        setting: name,
        owner: "root",
      })),
      z.strictObject({ setting: variable("The setting whose value is in the file"), owner }),
    ],
    "must be the name of a setting, or a map of setting and owner",
  )
  .describe("A file secrets/NAME below the release, which only its owner may read");

const from = z
  .array(z.enum(["server", "outside"], "must be server or outside"), "must be a list of server and outside")
  .min(1, "must name server or outside")
  .default(["server"])
  .describe("From where it is asked: on the server, or from the operator's computer");

const healthCheck = z
  .strictObject(
    {
      name: service("What reports call the check"),
      http: text("An address; the answer's status and content are looked at", 2000).optional(),
      tcp: place("Takes connections").optional(),
      udp_tracker: place("Answers the handshake of a UDP tracker").optional(),
      tls: place("Shows a certificate that is good").optional(),
      status: z.int("must be a status").min(100).max(599).optional().describe("The status that is expected; 200"),
      contains: text("What the answer has to contain").optional(),
      host: text("The name that the certificate has to be for").optional(),
      days: z
        .int("must be a whole number from 0 to 3650")
        .min(0, "must be a whole number from 0 to 3650")
        .max(3650, "must be a whole number from 0 to 3650")
        .optional()
        .describe("How many days the certificate still has to be good; 14. 0: it only must not have expired"),
      verify: plain
        .optional()
        .describe("Whether who issued the certificate is checked: true, false, or a condition; true"),
      ca: text("A file on the server with a root that is trusted besides the usual ones").optional(),
      timeout: count(120, "Seconds until an answer has to be there").default(5),
      decides: z
        .boolean("must be true or false")
        .default(true)
        .describe(
          "Whether a deploy, rollback or restore is undone where it fails; false for what none of them can mend",
        ),
      from,
      when,
      service: service("Whose log tells more where the check fails").optional(),
    },
    "must be a map of name, what is asked, and so on",
  )
  .describe("One check; exactly one of http, tcp, udp_tracker and tls says what is asked");

const backup = z
  .strictObject(
    {
      dump: z
        .strictObject(
          {
            service: service("The service that dumps"),
            command: command("Its standard output is the dump"),
            restore: command("Gets the dump on its standard input"),
            file: path("What the dump is called in the backup"),
          },
          "must be a map of service, command, restore and file",
        )
        .optional()
        .describe("How the database is dumped and restored"),
      files: z
        .array(path("A directory of `data`"), "must be a list of directories")
        .default([])
        .describe("Directories of `data` that are copied too"),
      schedule: text("When, as systemd's OnCalendar").default("daily"),
    },
    "must be a map of dump, files and schedule",
  )
  .describe("What a backup holds");

const hooks = (standard: "run" | "exec", description: string) =>
  z
    .array(
      z.strictObject(
        {
          service: service("The service in whose container the command runs"),
          command: command("The command and its arguments"),
          in: z
            .enum(["run", "exec"], "must be run or exec")
            .default(standard)
            .describe("A container of its own (run), or the one that serves (exec)"),
        },
        "must be a map of service and command",
      ),
      "must be a list",
    )
    .default([])
    .describe(description);

/** The shape of `application.yaml`, version 1. Rules that concern several keys at once are in `checkApplication`. */
export const applicationSchema = z
  .strictObject(
    {
      application: z.literal(1, "must be 1").describe("Version of this format"),
      name: z
        .string("must be text")
        .regex(
          /^[a-z][a-z0-9-]{0,30}$/,
          "must be lower-case letters, digits and hyphens, at most 31, beginning with a letter",
        )
        .describe("Name of the application, and of its compose project"),
      title: text("The name as people write it"),
      settings: z
        .record(variable("Name of the variable"), setting, "must be a map of settings")
        .default({})
        .describe("Variables of the environment that templates and compose.yaml may use"),
      templates: z.array(template, "must be a list").default([]).describe("Files that are made from templates"),
      files: z.array(files, "must be a list").default([]).describe("Files and folders that are copied as they are"),
      open_ports: z
        .array(
          z.string("must be PORT/tcp or PORT/udp").regex(/^\d{1,5}\/(tcp|udp)$/, "must be PORT/tcp or PORT/udp"),
          "must be a list such as [80/tcp, 6969/udp]",
        )
        .default([])
        .describe("What the world may reach: what OPEN_PORTS is where the environment does not say otherwise"),
      data: z.array(data, "must be a list").default([]).describe("Directories that outlive releases"),
      secrets: z
        .record(service("Name of the file"), secret, "must be a map of names of settings")
        .default({})
        .describe(
          "Files ./secrets/NAME beside compose.yaml, for its `secrets:`; each is the name of a setting, or a map of setting and owner",
        ),
      health: z.array(healthCheck, "must be a list").default([]).describe("What is asked whether it works"),
      healthy_within: count(3600, "Seconds until every check has to be good, once the containers are started").default(
        180,
      ),
      backup: backup.optional(),
      hooks: z
        .strictObject(
          {
            before_switch: hooks("run", "Commands before the new release takes over"),
            after_switch: hooks("exec", "Commands once its containers run"),
          },
          "must be a map of before_switch and after_switch",
        )
        .prefault({})
        .describe("Commands around the switch; one that fails fails the deploy"),
    },
    "must be a map with application, name and title",
  )
  .describe("application.yaml: what is put on a server, version 1");
