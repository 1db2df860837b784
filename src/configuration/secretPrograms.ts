import type { SecretSource } from "./EnvFile.ts";

type CommandSource = Extract<SecretSource, { scheme: "command" }>;

interface SecretProgram {
  /** How its arguments begin where it only prints a secret. */
  reads: readonly (readonly string[])[];
  /** Options that such a call may have: none of them writes a file, starts a program or sends anything elsewhere. */
  options: readonly string[];
  /** How to get it. */
  install: string;
}

/**
 * Programs that do nothing but keep secrets, and their calls that only read. A configuration file that somebody sends
 * you can make no other call: most of these programs can also write files, start programs or talk to another server.
 * Tools of clouds and clusters are not here, because they do much more; users name them in LANDFALL_SECRET_PROGRAMS.
 */
const known: Readonly<Record<string, SecretProgram>> = {
  pass: { reads: [["show"]], options: [], install: "apt-get install pass" },
  gopass: {
    reads: [["show"]],
    options: ["-o", "--password", "-n", "--noparsing"],
    install: "apt-get install gopass",
  },
  op: {
    reads: [["read"], ["item", "get"]],
    options: ["-n", "--no-newline", "--account", "--fields", "--format", "--reveal", "--vault"],
    install: "install the command-line tool of 1Password",
  },
  bw: { reads: [["get"]], options: ["--raw", "--organizationid"], install: "install the Bitwarden CLI" },
  vault: {
    reads: [["kv", "get"], ["read"]],
    options: ["-field", "-format", "-mount", "-namespace", "-version"],
    install: "install Vault",
  },
  bao: {
    reads: [["kv", "get"], ["read"]],
    options: ["-field", "-format", "-mount", "-namespace", "-version"],
    install: "install OpenBao",
  },
  "secret-tool": { reads: [["lookup"]], options: [], install: "apt-get install libsecret-tools" },
  security: {
    reads: [["find-generic-password"], ["find-internet-password"]],
    options: ["-a", "-l", "-s", "-w"],
    install: "it is part of macOS",
  },
  "keepassxc-cli": {
    reads: [["show"]],
    options: ["-a", "--attributes", "-k", "--key-file", "--no-password", "-q", "--quiet", "-s", "--show-protected"],
    install: "apt-get install keepassxc",
  },
  doppler: {
    reads: [["secrets", "get"]],
    options: ["-c", "--config", "-p", "--project", "--plain", "--raw"],
    install: "install the Doppler CLI",
  },
  age: { reads: [["-d"], ["--decrypt"]], options: ["-i", "--identity"], install: "apt-get install age" },
  sops: {
    reads: [["decrypt"], ["-d"], ["--decrypt"]],
    options: ["--extract", "--input-type", "--output-type"],
    install: "install SOPS: https://getsops.io",
  },
};

/** Programs that the user allows besides, with any arguments; never from a file. */
const variable = "LANDFALL_SECRET_PROGRAMS";

/** Why a command may not be run, and what to do; undefined where it may. */
export function refusedCommand(
  { program, arguments: words }: CommandSource,
  environment: Readonly<Record<string, string | undefined>>,
): { message: string; hint: string } | undefined {
  if (program.includes("/")) {
    return {
      message: `${program} is a path; only programs on PATH are run, by their bare name`,
      hint: `write the name alone, and name it in ${variable} where Landfall does not know it`,
    };
  }
  const added = (environment[variable] ?? "").split(/[\s,:]+/).filter((name) => name !== "");
  if (added.includes(program)) return undefined;
  const allowed = `to allow it, where you trust this file: ${variable}=${[...added, program].join(",")} in the environment of the command`;
  const entry = Object.hasOwn(known, program) ? known[program] : undefined;
  if (entry === undefined) {
    return {
      message: `${program} is not run: a configuration file may only call programs that keep secrets (${Object.keys(known).join(", ")})`,
      hint: allowed,
    };
  }
  const beginning = entry.reads.find((read) => read.every((word, index) => words[index] === word));
  if (beginning === undefined) {
    const forms = entry.reads.map((read) => `${program} ${read.join(" ")} ...`).join(" or ");
    return { message: `of ${program} only calls that read are made: ${forms}`, hint: `${allowed}, with any arguments` };
  }
  const option = words
    .slice(beginning.length)
    .find((word) => word.startsWith("-") && !entry.options.includes(word.replace(/=.*$/s, "")));
  if (option === undefined) return undefined;
  const others = entry.options.length === 0 ? "it may have none" : `it may have ${entry.options.join(", ")}`;
  return {
    message: `${program} is not run with the option ${option.replace(/=.*$/s, "")}: ${others}`,
    hint: `${allowed}, with any arguments`,
  };
}

/** How to get a program. */
export function howToGet(program: string): string {
  const entry = Object.hasOwn(known, program) ? known[program] : undefined;
  return entry?.install ?? `install ${program}, or correct PATH`;
}
