import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostileContents } from "./hostileContents.ts";
import { hostileManifests } from "./hostileManifests.ts";
import { manifest, writeManifest, type HostileProvider } from "./hostileProvider.ts";

/** @param marks directory that stays empty unless something was executed */
export function hostileProviders(marks: string): HostileProvider[] {
  return [...names(), ...places(), ...hostileManifests(), ...hostileContents(marks)];
}

const badName = /the folder's name is not/;

function names(): HostileProvider[] {
  const refused = [
    ...[
      "-rf",
      "--json",
      "a b",
      " a",
      "a ",
      "a\nb",
      "a\rb",
      "a\tb",
      "a\u001b[31mb",
      "a\u0007b",
      "a\u009b31mb",
      "\u202egnp.a",
    ],
    ...[
      "\u0430cme",
      "acme\u0301",
      "ac\u200bme",
      "\ufeffacme",
      "ACME",
      "Acme",
      "\u00fcber",
      "\u540d\u524d",
      "\u{1f600}",
      "\u212a",
    ],
    ...["a".repeat(255), "x".repeat(32), "1abc", "a.b", "a;id", "$(id)", "`id`", "a|b", "a&b", "a>b", "*", "?", "[a]"],
    ...[
      "{a,b}",
      "~root",
      "%s%n",
      "a'b",
      'a"b',
      "a\\b",
      "a:b",
      "a,b",
      "a@b",
      "a#b",
      "a=b",
      "!a",
      "a\u2028b",
      "a\u0085b",
      "\ufb01x",
    ],
    ...["a\u2066b", "${HOME}", "<a>", "a\u00adb", "\uff41cme", "a\u0000b".replace("\u0000", "\u2400")],
  ];
  const fine = [
    "constructor",
    "prototype",
    "tostring",
    "valueof",
    "null",
    "true",
    "undefined",
    "nan",
    "a--b",
    "a-",
    "z".repeat(31),
  ];
  const hidden = [".hidden", "..a", "...", "_proto_", "__proto__"];
  const named = (name: string, expected: HostileProvider["expected"]): HostileProvider => ({
    what: `the name ${JSON.stringify(name).slice(0, 40)}`,
    name,
    make: (folder) => writeManifest(folder, manifest(name)),
    expected,
  });
  return [
    ...refused.map((name) => named(name, badName)),
    ...fine.map((name) => named(name, "listed")),
    ...hidden.map((name) => named(name, "skipped")),
    {
      what: "a name that is no UTF-8",
      name: "a\ufffd\ufffd",
      make: (folder) => mkdirSync(Buffer.concat([Buffer.from(`${dirname(folder)}/a`), Buffer.from([0xff, 0xfe])])),
      expected: badName,
    },
  ];
}

function places(): HostileProvider[] {
  const place = (
    name: string,
    what: string,
    expected: HostileProvider["expected"],
    make: (folder: string, file: string) => void,
  ): HostileProvider => ({
    what,
    name,
    expected,
    make(folder) {
      mkdirSync(folder);
      make(folder, join(folder, "provider.yaml"));
    },
  });
  const folderLink = (name: string, target: string, expected: HostileProvider["expected"]): HostileProvider => ({
    what: `a folder that is a link to ${target}`,
    name,
    expected,
    make: (folder) => symlinkSync(target, folder),
  });
  const special = (name: string, make: (path: string) => void): HostileProvider => ({
    what: `${name} in place of a folder`,
    name,
    expected: "skipped",
    make,
  });
  const leaves = /leaves the providers directory/;
  const noFile = /no plain file/;
  return [
    place("no-manifest", "an empty folder", /there is no provider\.yaml/, () => undefined),
    place("is-directory", "a manifest that is a directory", noFile, (_folder, file) => mkdirSync(file)),
    place("is-fifo", "a manifest that is a FIFO", noFile, (_folder, file) => void execFileSync("mkfifo", [file])),
    place("is-socket", "a manifest that is a socket", noFile, (_folder, file) => makeSocket(file)),
    place("to-fifo", "a manifest that is a link to a FIFO", noFile, (folder, file) => {
      execFileSync("mkfifo", [join(folder, "pipe")]);
      symlinkSync("pipe", file);
    }),
    ...["/dev/zero", "/dev/stdin", "/etc/passwd", "/proc/self/environ", "/"].map((target) =>
      place(
        `to${target.replaceAll("/", "-").replace(/-$/, "-root")}`,
        `a manifest that is a link to ${target}`,
        leaves,
        (_folder, file) => symlinkSync(target, file),
      ),
    ),
    place("to-nowhere", "a manifest that is a link to nowhere", /a link to nowhere/, (_folder, file) =>
      symlinkSync("/nowhere", file),
    ),
    place("to-itself", "a manifest that is a link to itself", /links that go round in a circle/, (_folder, file) =>
      symlinkSync("provider.yaml", file),
    ),
    place("to-sibling", "a manifest that is a link to another provider's", /leaves its folder/, (_folder, file) =>
      symlinkSync("../constructor/provider.yaml", file),
    ),
    place("to-inside", "a manifest that is a link to a file beside it", "listed", (folder, file) => {
      writeFileSync(join(folder, "real.yaml"), manifest("to-inside"));
      symlinkSync("real.yaml", file);
    }),
    place("hard-link", "a manifest with a second name", "listed", (folder, file) => {
      writeFileSync(join(folder, "real.yaml"), manifest("hard-link"));
      linkSync(join(folder, "real.yaml"), file);
    }),
    place("executable", "an executable manifest with a first line for the shell", "listed", (folder, file) => {
      writeManifest(folder, `#!/bin/sh\n${manifest("executable")}`);
      chmodSync(file, 0o4755);
    }),
    place("huge", "a manifest of 50 MB", /52428800 bytes; a manifest has at most/, (_folder, file) =>
      writeFileSync(file, Buffer.alloc(50 * 1024 * 1024, "a: b\n")),
    ),
    place("sparse", "a manifest of a terabyte, without content", /bytes; a manifest has at most/, (_folder, file) => {
      writeFileSync(file, "");
      truncateSync(file, 2 ** 40);
    }),
    place("just-over", "a manifest with one byte too many", /65537 bytes; a manifest has at most/, (folder) =>
      writeManifest(folder, manifest("just-over").padEnd(64 * 1024 + 1, "#")),
    ),
    place("just-under", "a manifest with as many bytes as may be", "listed", (folder) =>
      writeManifest(folder, manifest("just-under").padEnd(64 * 1024, "#")),
    ),
    place("many-files", "a folder of 5,000 files", "listed", (folder) => {
      writeManifest(folder, manifest("many-files"));
      for (let index = 0; index < 5000; index += 1) writeFileSync(join(folder, `${index}.tf`), "");
    }),
    place("deep-folder", "a folder of 200 levels", "listed", (folder) => {
      writeManifest(folder, manifest("deep-folder"));
      mkdirSync(join(folder, "d/".repeat(200)), { recursive: true });
    }),
    folderLink("link-root", "/", leaves),
    folderLink("link-proc", "/proc/self/root", leaves),
    folderLink("link-up", "..", leaves),
    folderLink("link-here", ".", leaves),
    folderLink("link-loop", "link-loop", /links that go round in a circle/),
    folderLink("link-nowhere", "/nowhere/at/all", /a link to nowhere/),
    folderLink("link-file", "/etc/passwd", "skipped"),
    folderLink("link-device", "/dev/zero", "skipped"),
    folderLink("link-other", "constructor", /but the folder is called "link-other"/),
    special("fifo", (path) => void execFileSync("mkfifo", [path])),
    special("socket", makeSocket),
    special("file", (path) => writeFileSync(path, manifest("file"))),
  ];
}

/** Bound by a process of its own, so that it stays behind. */
function makeSocket(path: string): void {
  execFileSync("python3", [
    "-c",
    "import os,socket,sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))",
    path,
  ]);
}
