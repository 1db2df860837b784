import { manifest, writeManifest, type HostileProvider } from "./hostileProvider.ts";

/** Manifests that try to cost time or memory, to be something else, or to look like something else. */
export function hostileManifests(): HostileProvider[] {
  let count = 0;
  const all: HostileProvider[] = [];
  const add = (what: string, expected: HostileProvider["expected"], text: (name: string) => string | Buffer): void => {
    count += 1;
    const name = `manifest-${count}`;
    all.push({ what, name, expected, make: (folder) => writeManifest(folder, text(name)) });
  };
  const more = (what: string, expected: HostileProvider["expected"], lines: string): void =>
    add(what, expected, (name) => manifest(name, `${lines}\n`));
  const titled = (what: string, expected: HostileProvider["expected"], title: string): void =>
    add(what, expected, (name) => `contract: 1\nname: ${name}\ntitle: ${title}\n`);

  // Shape.
  add("nothing", /map with contract|missing/, () => "");
  add("a comment only", /map with contract|missing/, () => "# nothing\n");
  add("one word", /map with contract/, () => "word\n");
  add("a list", /map with contract/, () => "- a\n- b\n");
  add("two documents", /not valid YAML/, (name) => `${manifest(name)}---\n${manifest(name)}`);
  add("a key twice", /not valid YAML: map keys must be unique/, (name) => `${manifest(name)}title: Other\n`);
  add("tabs", /not valid YAML/, (name) => `${manifest(name)}settings:\n\ttoken: {}\n`);
  add("an open quote", /not valid YAML/, (name) => `${manifest(name)}description: "open\n`);
  add("an open bracket", /not valid YAML/, (name) => `${manifest(name)}prerequisites: [[[\n`);
  add("a key that is a list", /not a plain word|not valid YAML/, (name) => `${manifest(name)}? [a, b]\n: c\n`);
  add("an HTML page", /./, () => "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n");
  add("a program", /UTF-8/, () => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0xff]));
  add("lines that end in CR LF", "listed", (name) => manifest(name).replaceAll("\n", "\r\n"));
  add("a byte order mark", "listed", (name) => `\ufeff${manifest(name)}`);
  // Encodings.
  add("UTF-16, little end first", /UTF-8/, (name) => Buffer.from(`\ufeff${manifest(name)}`, "utf16le"));
  add("UTF-16, big end first", /UTF-8/, (name) => Buffer.from(`\ufeff${manifest(name)}`, "utf16le").swap16());
  add("Latin-1", /UTF-8/, (name) => Buffer.from(manifest(name, "description: caf\u00e9\n"), "latin1"));
  add("a NUL", /UTF-8/, (name) => manifest(name, "description: a\u0000b\n"));
  add("a NUL in a comment", /UTF-8/, (name) => manifest(name, "# \u0000\n"));
  add("half a character", /UTF-8/, (name) =>
    Buffer.concat([Buffer.from(manifest(name, "description: ")), Buffer.from([0xe2, 0x82])]),
  );
  // Bombs.
  const laughs = Array.from(
    { length: 9 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(", ")}]`,
  );
  more("an alias bomb", /more than 20 aliases/, `a0: &a0 [x]\n${laughs.join("\n")}`);
  more("an alias to what it is in", /unknown key|alias|circular/i, "a: &a [*a]");
  more("an alias to nothing", /not valid YAML/, "description: *nothing");
  more(
    "21 aliases",
    /more than 20 aliases/,
    `description: &a text\nx: [${Array.from({ length: 21 }, () => "*a").join(", ")}]`,
  );
  more("30,000 lists in each other", /nested/, `a: ${"[".repeat(30_000)}${"]".repeat(30_000)}`);
  more("10,000 maps in each other", /nested/, `a: ${"{a: ".repeat(10_000)}1${"}".repeat(10_000)}`);
  more(
    "300 maps in each other by indentation",
    /nested/,
    Array.from({ length: 300 }, (_, index) => `${" ".repeat(index)}a:`).join("\n"),
  );
  more("15,000 lists that are never closed", /not valid YAML|nested/, `a: ${"[".repeat(15_000)}`);
  more(
    "30,000 keys in one list of settings",
    /./,
    `settings: {${Array.from({ length: 9000 }, (_, index) => `k${index}`).join(",")}}`,
  );
  more(
    "9,000 unknown keys",
    /unknown key|more than/,
    Array.from({ length: 9000 }, (_, index) => `k${index}:`).join("\n"),
  );
  more("12,000 anchors", /./, `a: [${Array.from({ length: 6000 }, (_, index) => `&b${index} c`).join(",")}]`);
  more("32,000 elements in a list", /more than 4000/, `prerequisites: [${"1,".repeat(28_000)}]`);
  more("20,000 question marks", /./, "?\n".repeat(20_000));
  more("20,000 dashes", /./, `a: \n${"- ".repeat(20_000)}`);
  more("60,000 quotes", /./, `description: ${"'".repeat(60_001)}`);
  more("60,000 ampersands", /./, `description: ${"&".repeat(60_000)}`);
  more("60,000 colons", /./, `description: ${": ".repeat(30_000)}`);
  more("30,000 escapes", /./, `description: "${"\\x41".repeat(15_000)}"`);
  more("folded text of 10,000 lines", /./, `description: >\n${"  a\n\n".repeat(10_000)}`);
  // What YAML can do besides.
  for (const tag of [
    "!!js/function 'function(){}'",
    "!!js/regexp /(a+)+$/",
    "!!python/object/apply:os.system [id]",
    "!!binary aGk=",
    "!!set {a}",
    "!!timestamp 2001-01-01",
    "!<tag:example.org,2000:x> y",
    "!local z",
    "!!str 5",
    "!include /etc/passwd",
  ]) {
    more(`the tag ${tag}`, /a tag, |not valid YAML/, `description: ${tag}`);
  }
  more("a merge key", /"<<"|merge/, "defaults: &d { vm_memory: 1 }\n<<: *d");
  add("YAML 1.1 by a directive", /directive/, (name) => `%YAML 1.1\n---\n${manifest(name)}`);
  add("a directive for tags", /directive/, (name) => `%TAG ! tag:example.org,2000:\n---\n${manifest(name)}`);
  more("__proto__", /__proto__/, "__proto__: { polluted: true }");
  more("__proto__ among the settings", /__proto__/, "settings: { __proto__: { secret: true } }");
  more("__proto__ in a setting", /__proto__/, "settings: { a: { __proto__: { secret: true } } }");
  more("__proto__ by an escape", /__proto__/, '"__pr\\x6fto__": { polluted: true }');
  more("a setting called constructor", /constructor/, "settings: { constructor: { description: x } }");
  more("a setting called prototype", "listed", "settings: { prototype: { description: x } }");
  more("a key called constructor", /unknown key "constructor"/, "constructor: { prototype: { polluted: true } }");
  // Numbers.
  for (const value of [
    "1e999",
    "-1e999",
    ".inf",
    ".nan",
    "-1",
    "0",
    "1.5",
    "9007199254740993",
    "1e20",
    "'2048'",
    "true",
    "[]",
    "null",
  ]) {
    more(`a memory of ${value}`, /defaults\.vm_memory/, `defaults: { vm_memory: ${value} }`);
  }
  more("a budget of 30 years", /timeouts\.create/, "timeouts: { create: 1000000000 }");
  for (const value of ["2", "0", "-1", "1e999", "'1'", "[1]", "1.0000001"]) {
    add(`contract ${value}`, /contract/, (name) => manifest(name).replace("contract: 1", `contract: ${value}`));
  }
  // Text for terminals.
  titled("colours", /control character/, '"\\e[31mred\\e[0m"');
  titled("a link for terminals", /control character/, '"\\e]8;;http://example.org/\\e\\\\click\\e]8;;\\e\\\\"');
  titled("the title of the window", /control character/, '"\\e]0;owned\\a"');
  titled("an escape as it is", /control character|UTF-8/, "a\u001b[2Jb");
  titled("the control sequence of C1", /control character/, '"\\x9b31m"');
  titled("a carriage return", /control character/, '"good\\rbad"');
  titled("backspaces", /control character/, '"good\\b\\b\\b\\bevil"');
  titled("a line end", "listed", '"A title\\nfake-provider  Fake"');
  titled("writing that turns around", /reverses|invisible/, '"a\\u202egnp.exe"');
  titled("isolates", /reverses|invisible/, '"a\\u2066b\\u2069"');
  titled("characters without width", /reverses|invisible/, '"a\\u200bb\\u2060c"');
  titled("a line separator", /reverses|invisible/, '"a\\u2028b"');
  titled("letters of another alphabet", "listed", "\u0410\u0441m\u0435");
  titled("500 accents on one letter", /title must have at most/, `a${"\u0301".repeat(500)}`);
  titled("50,000 letters", /title must have at most/, "a".repeat(50_000));
  titled("no letter", /title/, "''");
  titled("half a pair", /./, '"\\ud800"');
  more("a description of 50,000 letters", /description must have at most/, `description: ${"a".repeat(50_000)}`);
  more("an escape in a key", /control character/, '"a\\e[31m": b');
  more("a reason of 50,000 letters", /must/, `capabilities: { ipv6: ${"a".repeat(50_000)} }`);
  more("an escape in a comment", "listed", "# \u001b[31m");
  // Names and paths where others are expected.
  for (const name of ["../../etc", "/etc", "-rf", "a b", "''", "[a]", "~", "\u0430cme"]) {
    add(`the manifest name ${name}`, /name/, () => `contract: 1\nname: ${name}\ntitle: A title\n`);
  }
  for (const command of ["../../bin/sh", "/bin/sh", "-rf", "sh -c id", "'$(id)'", "''", "a;b"]) {
    more(`the command ${command}`, /prerequisites\.0\.command/, `prerequisites: [{ command: ${command}, purpose: x }]`);
  }
  more("a package that is an option", /package/, "prerequisites: [{ command: a, purpose: x, package: -oDpkg }]");
  for (const source of ["../../x", "a/../b", "https://example.org/x", "a", "a/b/c/d", "'a/$(id)'"]) {
    more(`the plugin ${source}`, /plugin\.source/, `plugin: { source: ${source} }`);
  }
  more("every variable for the plugin", /plugin\.environment/, 'plugin: { source: a/b, environment: ["*"] }');
  for (const variable of ["PATH", "LD_PRELOAD", "NODE_OPTIONS", "TF_CLI_ARGS", "BASH_ENV", "HOME", "'a b'", "A=B"]) {
    more(`a setting that becomes ${variable}`, /environment/, `settings: { a: { environment: ${variable} } }`);
  }
  more("a path of the API that is none", /endpoint\.path/, "endpoint: { environment: A, path: http://example.org }");
  more("a catalog of __proto__", /catalog/, "catalog: { type: __proto__, region: constructor }");
  more("addresses that leave the module", /resources/, 'resources: { machine: ["../../x", "a.b; id"] }');
  more(
    "an alias that is another setting",
    /means settings/,
    "settings: { a: {}, b: { aliases: [PROVIDER_MANIFEST_130_A, PATH] }, c: { aliases: [PATH] } }",
  );
  // Patterns that take for ever.
  const slow = [
    "(a+)+$",
    "(a|a)*$",
    "(a*)*b",
    "(.*a){20}$",
    "(x+x+)+y",
    "(a|aa)+$",
    "((a+)b?)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(a+)\\1*(a+)+$",
    "(?=(a+)+$)b",
  ];
  for (const pattern of slow) {
    const sample = `${(pattern.includes("x") ? "x" : "a").repeat(60)}!`;
    more(
      `the pattern ${pattern}`,
      /takes too long|does not match/,
      `settings: { a: { pattern: '${pattern}', examples: ['${sample}'] } }`,
    );
  }
  more(
    "300 patterns that are slow",
    /takes too long|at most/,
    `settings:\n${Array.from({ length: 300 }, (_, index) => `  k${index}: { pattern: '(a+)+$', examples: ['${"a".repeat(60)}!'] }`).join("\n")}`,
  );
  for (const pattern of ["(", "[", "(?<n>", "a{2,1}", "\\", "*", "((((a{99}){99}){99}){99}){99}"]) {
    more(`the pattern ${pattern}`, /pattern/, `settings: { a: { pattern: '${pattern}', examples: [b] } }`);
  }
  more(
    "a pattern of 50,000 letters",
    /pattern must have at most/,
    `settings: { a: { pattern: '${"(a".repeat(25_000)}' } }`,
  );
  return all;
}
