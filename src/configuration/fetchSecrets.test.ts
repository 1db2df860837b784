import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { canary } from "../../test/support/canary.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { Secret } from "./Secret.ts";
import { fakePrograms } from "./testing/fakePrograms.ts";
import { environmentFile, problemsOf, shown, summary } from "./testing/inspect.ts";
import {
  rejection,
  temporaryWorkspace,
  type LoadOptions,
  type TemporaryWorkspace,
} from "./testing/temporaryWorkspace.ts";

const half = canary("half of a secret");
const wrong = canary("a wrong token");
const everything = () => true;

/** `pass show WORD ...` does what the first word says, else prints it. */
const pass = `case "$2" in
  token) echo abcd1234;;
  many) printf 'one\\ntwo\\n\\n';;
  locked) echo ${half}; echo 'first line' >&2; echo 'no key for ${half}' >&2; exit 2;;
  children) sleep 61 >/dev/null 2>&1 & echo $! >"$PID_FILE"; wait;;
  wrong) echo ${wrong};;
  empty) echo;;
  nul) printf 'a\\000b';;
  binary) printf 'a\\377';;
  long) head -c 200000 /dev/zero | tr '\\0' x;;
  environment) printf '%s' "$SESSION-$PWD";;
  stdin) cat; printf end;;
  *) printf '%s' "$2";;
esac`;

async function tree(environment: string): Promise<TemporaryWorkspace> {
  return temporaryWorkspace({ "environments/development.env": environment });
}

async function valueOf(value: string, options: LoadOptions = {}): Promise<string> {
  const { load } = await tree(`A=${value}`);
  const found = shown(await load({ needs: everything, process: path(), ...options }), "A")?.value;
  expect(found).toBeInstanceOf(Secret);
  return found instanceof Secret ? found.reveal() : "";
}

const path = () => ({ PATH: process.env["PATH"] ?? "" });

describe("commands", () => {
  test("are run with their words as they are, without a shell, in the project's root, with the user's environment", async () => {
    const { calls } = await fakePrograms({ pass });
    expect(await valueOf("${secret:command:pass show token}")).toBe("abcd1234");
    expect(await valueOf("x-${secret:command:pass show ';' 'a b' $(touch y) `z` * $HOME}-y")).toBe("x-;-y");
    expect((await calls())[1]).toEqual(["pass", "show", ";", "a b", "$(touch", "y)", "`z`", "*", "$HOME"]);
    const { load, workspace } = await tree("A=${secret:command:pass show environment}");
    const { values } = await load({ needs: everything, process: { ...path(), SESSION: "mine" } });
    const value = values.find(({ key }) => key === "A")?.value;
    expect(value instanceof Secret && value.reveal()).toBe(`mine-${workspace.root}`);
    expect(await valueOf("${secret:command:pass show stdin}")).toBe("end");
  });

  test("lose one line end; lines inside stay", async () => {
    await fakePrograms({ pass });
    expect(await valueOf("${secret:command:pass show many}")).toBe("one\ntwo\n");
  });

  test("are run once, however many values are made from them", async () => {
    const { calls } = await fakePrograms({ pass });
    const { load } = await tree(
      "A=${secret:command:pass show token}\nB=$A$A\nC=${secret:command:pass  'show' token}\nD=${NONE:-${secret:command:pass show token}}",
    );
    const configuration = await load({ needs: everything, process: path() });
    const values = [..."ABCD"].map((key) => shown(configuration, key)?.value);
    expect(values.map((value) => value instanceof Secret && value.reveal())).toEqual([
      "abcd1234",
      "abcd1234abcd1234",
      "abcd1234",
      "abcd1234",
    ]);
    expect(await calls()).toHaveLength(1);
  });

  test("are run only for what is needed; what is not needed is secret all the same, and cannot be used", async () => {
    const { calls } = await fakePrograms({ pass });
    const { load } = await tree(
      "PROVIDER_ACME_TOKEN=${TOKEN}\nTOKEN=${secret:command:pass show token}\nMYSQL_PASSWORD=${secret:command:pass show x}\nURL=u:${MYSQL_PASSWORD}@h",
    );
    const unneeded = await load();
    expect(await calls()).toEqual([]);
    expect(unneeded.unfetched).toEqual(["token"]);
    expect([unneeded.secrets, unneeded.pluginEnvironment]).toEqual([{}, {}]);
    for (const key of ["PROVIDER_ACME_TOKEN", "MYSQL_PASSWORD", "URL"]) {
      const value = shown(unneeded, key)?.value;
      expect(String(value)).toBe("***");
      expect(() => value instanceof Secret && value.reveal()).toThrow("was not fetched");
    }
    const needed = await load({ needs: (key) => key.startsWith("PROVIDER_"), process: path() });
    expect(await calls()).toEqual([["pass", "show", "token"]]);
    expect(needed.secrets["token"]?.reveal()).toBe("abcd1234");
    expect(needed.pluginEnvironment["ACME_TOKEN"]).toBeInstanceOf(Secret);
    expect(needed.unfetched).toEqual([]);
  });

  test("what they give is checked as if it stood in the file", async () => {
    await fakePrograms({ pass });
    const { load } = await tree("\nPROVIDER_ACME_TOKEN=${secret:command:pass show wrong}");
    const [problem, ...more] = await problemsOf(load({ needs: everything, process: path() }));
    expect(more).toEqual([]);
    expect(problem?.where).toBe(`${environmentFile}:2`);
    expect(problem?.message).toContain("has 32 characters and does not have the expected form");
    expect(JSON.stringify(problem)).not.toContain(wrong);
  });

  test("are not run for a configuration that is wrong, nor in a rehearsal", async () => {
    const { calls } = await fakePrograms({ pass });
    const wrong = await tree("VM_MEMORY=much\nA=${secret:command:pass show token}");
    expect(await problemsOf(wrong.load({ needs: everything, process: path() }))).toHaveLength(1);
    const { load } = await tree("A=${secret:command:pass show token}\nB=${secret:file:nowhere}");
    const rehearsed = await load({ needs: everything, verify: true, rehearsal: true, process: path() });
    expect(await calls()).toEqual([]);
    const value = shown(rehearsed, "A")?.value;
    expect(value instanceof Secret && value.reveal()).toBe("rehearsal");
  });

  test("a setting that everybody sees cannot be made from one", async () => {
    const { calls } = await fakePrograms({ pass });
    const { load } = await tree(
      "VM_NAME=${secret:command:pass show x}\nPROVIDER_ACME_LOCATION=${secret:file:x}\nSSH_PRIVATE_KEY_FILE=${secret:command:pass show x}",
    );
    expect(summary(await problemsOf(load({ needs: everything, process: path() })))).toEqual([
      expect.stringContaining(`${environmentFile}:1: VM_NAME is made from \${secret:...}, which is secret`),
      expect.stringContaining(`${environmentFile}:2: PROVIDER_ACME_LOCATION contains a secret`),
      expect.stringContaining(`${environmentFile}:2: there is no file`),
      expect.stringContaining(`${environmentFile}:3: SSH_PRIVATE_KEY_FILE is made from`),
    ]);
    expect(await calls()).toEqual([]);
  });
});

describe("commands that fail", () => {
  test("are all in one report, with the place, what they said, and nothing that is secret", async () => {
    await fakePrograms({ pass });
    const words = ["locked", "empty", "nul", "binary", "long"];
    const { load } = await tree(words.map((word, n) => `K${n}=\${secret:command:pass show ${word}}`).join("\n"));
    const error = await rejection(load({ needs: everything, process: path() }), AppError);
    expect(error).toMatchObject({ code: "secrets.unavailable", exit: exitCodes.failed });
    expect(summary(error.problems.toSorted((a, b) => ((a.where ?? "") < (b.where ?? "") ? -1 : 1)))).toEqual([
      `${environmentFile}:1: pass show locked ended with status 2: first line no key for ***`,
      `${environmentFile}:2: the output of pass show empty is empty`,
      `${environmentFile}:3: the output of pass show nul contains a NUL byte, which no variable can hold`,
      `${environmentFile}:4: the output of pass show binary is not UTF-8 text`,
      `${environmentFile}:5: the output of pass show long is longer than 128 KiB`,
    ]);
    for (const { hint } of error.problems) expect(hint).toContain("run it by hand");
  });

  test("one that does not end is ended, and what it started too", async () => {
    await fakePrograms({ pass });
    const { load, workspace } = await tree("A=${secret:command:pass show children}");
    const file = join(workspace.root, "pid");
    const process = { ...path(), LANDFALL_SECRET_TIMEOUT: "3", PID_FILE: file };
    const error = await rejection(load({ needs: everything, process }), AppError);
    expect(summary(error.problems)).toEqual([
      `${environmentFile}:1: pass show children did not end within 3 s (LANDFALL_SECRET_TIMEOUT changes that)`,
    ]);
    const pid = (await readFile(file, "utf8")).trim();
    await vi.waitFor(async () => {
      const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "gone Z ");
      expect(state).toMatch(/ Z /);
    });
  });

  test("a program that is missing is a prerequisite, and how to get it is told", async () => {
    vi.stubEnv("PATH", "/nowhere:.");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { load } = await tree("A=${secret:command:gopass show x}\nB=${secret:command:bao read x}");
    for (const options of [{ needs: everything }, { verify: true }]) {
      const error = await rejection(load({ ...options, process: path() }), AppError);
      expect(error).toMatchObject({ code: "secrets.program", exit: exitCodes.prerequisites });
      expect(error.problems.map(({ where, hint }) => [where, hint])).toEqual([
        [`${environmentFile}:1`, "apt-get install gopass"],
        [`${environmentFile}:2`, "install OpenBao"],
      ]);
    }
  });

  test.each(["0", "x", "1.5", "99999"])("a time limit of %s is refused", async (LANDFALL_SECRET_TIMEOUT) => {
    await fakePrograms({ pass });
    await expect(
      valueOf("${secret:command:pass show x}", { process: { ...path(), LANDFALL_SECRET_TIMEOUT } }),
    ).rejects.toMatchObject({ code: "secrets.timeout", exit: exitCodes.usage });
  });
});

test("what is looked at without fetching: every command and file, needed or not, and nothing is run", async () => {
  const { calls } = await fakePrograms({ pass });
  const { load } = await tree(
    "MYSQL_PASSWORD=${secret:command:pass show locked}\nB=${secret:command:evil}\nC=${secret:file:none}\nD=${secret:command:security find-generic-password}\nVM_CPUS=x\nVM_VCPUS=x",
  );
  expect(summary(await problemsOf(load({ verify: true, process: path() }))).map((line) => line.slice(0, 110))).toEqual([
    expect.stringContaining(`${environmentFile}:2: evil is not run`),
    expect.stringContaining(`${environmentFile}:3: there is no file`),
    expect.stringContaining(`${environmentFile}:4: security is needed`),
    expect.stringContaining(`${environmentFile}:6: VM_VCPUS`),
  ]);
  expect(await calls()).toEqual([]);
});

test("two spellings with different sources are two different values", async () => {
  const { load } = await tree("ACME_API_TOKEN=${secret:file:a}\nPROVIDER_ACME_TOKEN=${secret:file:b}");
  expect((await problemsOf(load())).map(({ message }) => message)).toEqual([
    expect.stringContaining("mean the same setting and have different values"),
  ]);
  const same = await tree("ACME_API_TOKEN=${secret:file:a}\nPROVIDER_ACME_TOKEN=${secret:file: a}");
  expect((await same.load()).unfetched).toEqual(["token"]);
});
