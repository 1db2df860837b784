import { describe, expect, test } from "vitest";
import { Secret } from "./Secret.ts";
import { fakePrograms } from "./testing/fakePrograms.ts";
import { environmentFile, problemsOf, shown, summary } from "./testing/inspect.ts";
import { temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

const everything = () => true;
const path = () => ({ PATH: process.env["PATH"] ?? "" });
const tree = (text: string) => temporaryWorkspace({ "environments/development.env": text });

describe("which commands may be run", () => {
  const refusal = async (command: string, LANDFALL_SECRET_PROGRAMS = "") => {
    const { calls } = await fakePrograms({ pass: "", evil: "", op: "", vault: "", sh: "" });
    const { load } = await tree(`A=\${secret:command:${command}}`);
    const [problem, ...more] = await problemsOf(
      load({ needs: everything, process: { ...path(), LANDFALL_SECRET_PROGRAMS } }),
    );
    expect(more).toEqual([]);
    expect(problem?.where).toBe(`${environmentFile}:1`);
    expect(await calls()).toEqual([]);
    return `${problem?.message} | ${problem?.hint}`;
  };

  test.each([
    ["evil x", "evil is not run: a configuration file may only call programs that keep secrets (pass, "],
    ["sh -c 'touch x'", "sh is not run"],
    ["/bin/cat /etc/passwd", "/bin/cat is a path"],
    ["./pass show x", "./pass is a path"],
    ["pass git init", "of pass only calls that read are made: pass show ..."],
    ["op run -- sh -c x", "of op only calls that read are made: op read ... or op item get ..."],
    ["op read --out-file=x op://a", "op is not run with the option --out-file: it may have -n, "],
    ["vault kv get -address=http://x y", "vault is not run with the option -address: "],
    ["constructor x", "constructor is not run"],
  ])("%s is not", async (command, message) => expect(await refusal(command)).toContain(message));

  test("the user names more in the environment of the command, with any arguments", async () => {
    expect(await refusal("evil x", "other")).toContain("LANDFALL_SECRET_PROGRAMS=other,evil in the environment");
    await fakePrograms({ evil: "printf '%s' \"$1\"", op: "printf '%s' \"$1\"" });
    const { load } = await tree("A=${secret:command:evil x}${secret:command:op run}");
    const process = { ...path(), LANDFALL_SECRET_PROGRAMS: "evil, op" };
    const value = shown(await load({ needs: everything, process }), "A")?.value;
    expect(value instanceof Secret && value.reveal()).toBe("xrun");
  });

  test("a file cannot", async () => {
    const { load } = await tree("LANDFALL_SECRET_PROGRAMS=evil");
    expect(summary(await problemsOf(load()))).toEqual([
      `${environmentFile}:1: LANDFALL_SECRET_PROGRAMS cannot be set here: it steers Landfall itself; set it in the environment of the command`,
    ]);
  });
});
