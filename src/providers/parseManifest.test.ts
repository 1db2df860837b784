import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { parseManifest } from "./parseManifest.ts";

const minimal = "contract: 1\nname: acme\ntitle: Acme Cloud\n";

function problemsOf(text: string, folder = "acme"): AppError["problems"] {
  try {
    parseManifest(text, "provider.yaml", folder);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe("provider.invalid");
    return error.problems;
  }
  throw new Error("the manifest was accepted");
}

describe("parseManifest", () => {
  it("fills in every default", () => {
    const absent = "not declared by this provider";
    expect(parseManifest(minimal, "provider.yaml", "acme")).toEqual({
      contract: 1,
      actions: {},
      name: "acme",
      title: "Acme Cloud",
      description: "",
      settings: {},
      prerequisites: [],
      defaults: {},
      capabilities: {
        create: true,
        data_disk: absent,
        reserve_address: absent,
        ipv6: absent,
        user_data: true,
        console: absent,
        local: absent,
      },
      timeouts: { create: 300, ssh: 300, cloud_init: 600, destroy: 180 },
      resources: { machine: [], disk: [], data: [], address: [], restart: [] },
    });
  });

  it("leaves the keys of resources out: a role is that of all instances", () => {
    const resources = `{ machine: [module.a.x_y.vm], data: ["x_v.data[0]", 'module.a["b"].x_v.d'] }`;
    const manifest = parseManifest(`${minimal}resources: ${resources}\n`, "f", "acme");
    expect(manifest.resources).toMatchObject({ machine: ["module.a.x_y.vm"], data: ["x_v.data", "module.a.x_v.d"] });
  });

  it("fills in the rest of a part that is given", () => {
    const manifest = parseManifest(
      `${minimal}timeouts: { create: 20 }\nsettings:\n  size: { default: small }\n`,
      "f",
      "acme",
    );
    expect(manifest.timeouts).toEqual({ create: 20, ssh: 300, cloud_init: 600, destroy: 180 });
    expect(manifest.settings["size"]).toEqual({
      description: "",
      secret: false,
      required: false,
      default: "small",
      examples: [],
      aliases: [],
      computed: false,
    });
  });

  it("keeps the spelling of defaults and examples that look like numbers", () => {
    const manifest = parseManifest(
      `${minimal}settings:\n  image: { default: 24.10, examples: [24.10, 0x1F, true] }\n  on: { default: false }\n`,
      "f",
      "acme",
    );
    expect(manifest.settings["image"]).toMatchObject({ default: "24.10", examples: ["24.10", "0x1F", "true"] });
    expect(manifest.settings["on"]?.default).toBe("false");
  });

  it("reports all problems at once, each with its line", () => {
    const problems = problemsOf(`contract: 1
name: acme
settings:
  token:
    secret: true
  Size: {}
  location:
    desciption: where
    pattern: "["
timeouts: { create: soon }
capabilities:
  ipv6: false
colour: blue
`);
    expect(problems.map(({ where, message, hint }) => [where, message, hint])).toEqual(
      expect.arrayContaining([
        ["provider.yaml:1", "title is missing", "it must be text"],
        ["provider.yaml:4", "settings.token is secret but has no environment", expect.any(String)],
        ["provider.yaml:6", expect.stringContaining("settings.Size: a key must be lower-case"), "write size"],
        ["provider.yaml:8", 'unknown key "desciption" in settings.location', 'did you mean "description"?'],
        ["provider.yaml:10", "timeouts.create must be a whole number, at least 1, in seconds", undefined],
        ["provider.yaml:12", "capabilities.ipv6 must be true, or the reason why not as text", undefined],
        ["provider.yaml:13", 'unknown key "colour"', expect.stringContaining("known keys: contract, name, title")],
      ]),
    );
    expect(problems).toHaveLength(7);
  });

  it.each([0, 2])("says which contracts are accepted instead of contract %i, and nothing else", (contract) => {
    const problems = problemsOf(`contract: ${contract}\nfuture: true\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      where: "provider.yaml:1",
      message: `contract ${contract} is not known here: this version of Landfall accepts contract 1`,
    });
  });

  it("wants the name of the folder", () => {
    expect(problemsOf(minimal, "acme2")).toEqual([
      expect.objectContaining({
        where: "provider.yaml:2",
        message: 'name is "acme", but the folder is called "acme2"',
      }),
    ]);
    expect(problemsOf(minimal.replace("acme", "Acme_1"), "Acme_1")[0]?.message).toContain("name must be lower-case");
  });

  it("checks the rules between the keys of a setting", () => {
    const problems = problemsOf(`${minimal}settings:
  token: { secret: true, environment: ACME_TOKEN, default: hunter2, aliases: [OLD] }
  other: { aliases: [OLD, PROVIDER_ACME_TOKEN] }
  path: { environment: TF_LOG }
  key: { secret: true, environment: K, computed: true, required: true }
  size: { pattern: "[a-z]+", default: "4", examples: [xl, "9"] }
`);
    expect(problems.map(({ message }) => message)).toEqual([
      "settings.token is secret but has a default",
      "OLD means settings.token already",
      "PROVIDER_ACME_TOKEN means settings.token already",
      "settings.path.environment is TF_LOG, which steers programs",
      "settings.key is secret and computed",
      "settings.key is computed and required",
      'settings.size: "4" does not match the setting\'s own pattern',
      'settings.size: "9" does not match the setting\'s own pattern',
    ]);
  });

  it("says of a syntax error where it begins, and not what follows from it", () => {
    const lines = Array.from({ length: 25 }, (_, index) => `  key${index}: {}\n`).join("");
    expect(problemsOf(`${minimal}settings: {\n${lines}`)).toEqual([
      expect.objectContaining({ message: expect.stringContaining("not valid YAML") }),
    ]);
  });

  it("says how a key is written", () => {
    const problems = problemsOf(`${minimal}settings:\n  serverType: {}\nactions:\n  Power_On: { description: On }\n`);
    expect(problems.map(({ message, hint }) => [message.split(",")[0], hint])).toEqual([
      ["settings.serverType: a key must be lower-case letters", "write server_type"],
      ["actions.Power_On: a key must be at most 31 lower-case letters", "write power-on"],
    ]);
  });

  it("a pattern has no flags, and what needs one is refused", () => {
    expect(problemsOf(`${minimal}settings:\n  a:\n    pattern: '\\p{L}+'\n`)).toEqual([
      expect.objectContaining({ key: "settings.a.pattern", message: expect.stringContaining("no flags") }),
    ]);
    expect(() => parseManifest(`${minimal}settings:\n  a:\n    pattern: '\\\\p{1}'\n`, "f", "acme")).not.toThrow();
  });

  it("says where a pattern does not compile", () => {
    expect(problemsOf(`${minimal}settings:\n  a:\n    pattern: "("\n`)).toEqual([
      expect.objectContaining({ where: "provider.yaml:6", key: "settings.a.pattern" }),
    ]);
  });

  it.each([
    ["nothing", "", "the manifest must be a map"],
    ["a list", "- 1\n", "the manifest must be a map"],
    ["broken YAML", "contract: [1\n", "not valid YAML"],
    ["a key twice", `${minimal}name: acme\n`, "not valid YAML: map keys must be unique"],
    ["a tag", `${minimal}description: !!binary aGk=\n`, "only plain data"],
    ["two documents", `${minimal}---\n${minimal}`, "not valid YAML"],
    ["an alias to nothing", `${minimal}description: *x\n`, "not valid YAML: unresolved alias"],
    ["a prototype", `${minimal}settings:\n  __proto__: {}\n`, 'unknown key "__proto__"'],
    ["a terminal's control sequence", `${minimal}description: "\\e[2J"\n`, "control character"],
    ["a deep nest", `${minimal}settings: ${"[".repeat(40)}${"]".repeat(40)}\n`, "levels deep"],
    ["a very deep nest", `${minimal}settings: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`, "levels deep"],
    ["a complex key", `${minimal}? [a]\n: 1\n`, "a key that is not a plain word"],
    ["too many bytes", `${minimal}description: ${"x".repeat(70_000)}\n`, "bytes; a manifest has at most 65536"],
    ["many aliases", `${minimal}x: &x 1\ny: [${"*x,".repeat(30)}]\n`, "more than 20 aliases"],
  ])("refuses %s", (_what, text, message) => {
    expect(problemsOf(text)[0]?.message).toContain(message);
  });

  it("expands no bomb of aliases", () => {
    const bomb = `a: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n`;
    expect(problemsOf(minimal + bomb)[0]?.message).toContain("not valid YAML: excessive alias count");
  });
});
