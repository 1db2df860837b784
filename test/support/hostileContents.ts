import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifest, writeManifest, type HostileProvider } from "./hostileProvider.ts";

/** Folders with a sound manifest that do something as soon as anything of them runs. */
export function hostileContents(marks: string): HostileProvider[] {
  const touch = (what: string): string => `touch ${JSON.stringify(join(marks, what))}`;
  const code = (what: string): string =>
    `import { execSync } from "node:child_process";\nexecSync(${JSON.stringify(touch(what))});\nexport default {};\n`;
  const hcl = {
    "local-exec": `resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = ${JSON.stringify(touch("local-exec"))}\n  }\n}\n`,
    external: `data "external" "a" {\n  program = ["sh", "-c", ${JSON.stringify(touch("external"))}]\n}\n`,
    http: `data "http" "a" {\n  url = "http://127.0.0.1:9/"\n}\n`,
    "git-module": `module "a" {\n  source = "git::https://example.org/x.git"\n}\n`,
    "http-module": `module "a" {\n  source = "https://example.org/x.zip"\n}\n`,
    "module-above": `module "a" {\n  source = "../../../.."\n}\n`,
    backend: `terraform {\n  backend "http" {\n    address = "http://127.0.0.1:9/"\n  }\n}\n`,
    passwd: `output "vm_ip" {\n  value = file("/etc/passwd")\n}\n`,
    environ: `output "vm_ip" {\n  value = templatefile("/proc/self/environ", {})\n}\n`,
    "plugin-of-mine": `terraform {\n  required_providers {\n    a = { source = "example.org/a/a" }\n  }\n}\n`,
    broken: `resource "a" {{{{`,
    nested: `locals { a = ${"[".repeat(50_000)} }`,
  };
  const cases: [name: string, files: Record<string, string>][] = [
    ...Object.entries(hcl).map(([name, text]): [string, Record<string, string>] => [
      `hcl-${name}`,
      { "main.tf": text },
    ]),
    [
      "hcl-json",
      { "main.tf.json": JSON.stringify({ data: { external: { a: { program: ["sh", "-c", touch("json")] } } } }) },
    ],
    ["code-provider", { "provider.ts": code("provider") }],
    ["code-rehearsal", { "rehearsal.ts": code("rehearsal") }],
    ["code-overlay", { "plugin/overlay.ts": code("overlay"), "plugin/go.mod": "module a\n\ntoolchain go9.9.9\n" }],
    ["code-loop", { "provider.ts": `${code("loop")}for (;;) {}\n` }],
    ["code-exit", { "provider.ts": "process.exit(0);" }],
    ["code-fetch", { "provider.ts": `await fetch("http://127.0.0.1:9/"); export default {};` }],
    ["code-shell", { "provider.sh": `${touch("shell")}\n` }],
    ["code-index", { "index.js": code("index"), "index.ts": code("index") }],
    [
      "npm-scripts",
      {
        "package.json": JSON.stringify({
          name: "a",
          type: "commonjs",
          main: "provider.ts",
          scripts: { preinstall: touch("npm") },
        }),
      },
    ],
    [
      "npm-modules",
      {
        "node_modules/yaml/index.js": `require("node:fs").writeFileSync(${JSON.stringify(join(marks, "yaml"))}, "")`,
        "node_modules/yaml/package.json": "{}",
      },
    ],
    ["npm-settings", { ".npmrc": "node-options=--require ./index.js\n" }],
    [
      "git-hooks",
      {
        ".git/hooks/post-checkout": `#!/bin/sh\n${touch("hook")}\n`,
        ".git/config": `[core]\nfsmonitor = ${touch("fsmonitor")}\n`,
      },
    ],
    [
      "environment",
      { ".env": "PATH=.\nNODE_OPTIONS=--require ./index.js\n", ".terraformrc": 'plugin_cache_dir = "/"\n' },
    ],
    ["catalog-rubbish", { "catalog.json": `{"types":${"[".repeat(100_000)}` }],
    ["catalog-proto", { "catalog.json": `{"__proto__":{"polluted":true}}` }],
    ["readme-escapes", { "README.md": "\u001b]0;owned\u0007\u001b[2J" }],
    ["makefile", { Makefile: `all:\n\t${touch("make")}\n`, "Cargo.toml": '[package]\nbuild = "x"\n' }],
  ];
  const plain = cases.map(([name, files]): HostileProvider => ({
    what: `a folder with ${Object.keys(files)[0]} (${name})`,
    name,
    expected: "listed",
    make(folder) {
      writeManifest(folder, manifest(name));
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
        chmodSync(join(folder, path), 0o755);
      }
    },
  }));
  const special = (name: string, what: string, make: (folder: string) => void): HostileProvider => ({
    what,
    name,
    expected: "listed",
    make(folder) {
      writeManifest(folder, manifest(name));
      make(folder);
    },
  });
  return [
    ...plain,
    special(
      "module-fifo",
      "a module that is a FIFO",
      (folder) => void execFileSync("mkfifo", [join(folder, "main.tf")]),
    ),
    special("module-link", "a module that is a link to a secret", (folder) =>
      symlinkSync("/etc/shadow", join(folder, "main.tf")),
    ),
    special("code-link", "code that is a link to elsewhere", (folder) =>
      symlinkSync("../code-provider/provider.ts", join(folder, "provider.ts")),
    ),
    special("code-fifo", "code that is a FIFO", (folder) => void execFileSync("mkfifo", [join(folder, "provider.ts")])),
    special("module-sparse", "a module of a terabyte", (folder) => {
      writeFileSync(join(folder, "main.tf"), "");
      truncateSync(join(folder, "main.tf"), 2 ** 40);
    }),
  ];
}
