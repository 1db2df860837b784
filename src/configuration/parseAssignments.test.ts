import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { parseAssignments } from "./parseAssignments.ts";
import { rejection, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

async function parse(assignments: string[], input = "") {
  const { ports, workspace, events } = await temporaryWorkspace({
    "secret.txt": "from=file\n",
    "bytes.bin": new Uint8Array([0xff]),
  });
  const directory = join(workspace.root, "infrastructure/config");
  const terminal = { ...ports.terminal, readInput: async () => input };
  const given = assignments.map((assignment) => assignment.replace("DIR", directory));
  return { values: parseAssignments(given, { ...ports, terminal }), events };
}

test("values, files and standard input", async () => {
  const { values } = await parse(["A=b=c", "B=", "C=@DIR/secret.txt", "D=-", "E=${x}\n$(y)", "A=last"], "typed\r\n");
  expect(Object.fromEntries(await values)).toEqual({ A: "last", B: "", C: "from=file", D: "typed", E: "${x}\n$(y)" });
});

test("all problems at once", async () => {
  const { values } = await parse([
    "A",
    "1A=b",
    "PATH=/x",
    "B=-",
    "C=-",
    "D=@DIR/nowhere",
    "E=@DIR/bytes.bin",
    "F=@DIR",
    "G=a\0b",
  ]);
  const error = await rejection(values, AppError);
  expect(error).toMatchObject({ code: "configuration.assignment", exit: exitCodes.usage });
  expect(error.problems.map(({ where }) => where)).toEqual([
    "--set number 1",
    "--set number 2",
    "--set PATH",
    "--set C",
    "--set D",
    "--set E",
    "--set F",
    "--set G",
  ]);
});

describe("a secret", () => {
  test("in an argument is told", async () => {
    const { values, events } = await parse(["MYSQL_PASSWORD=canary"]);
    await values;
    expect(events).toMatchObject([{ code: "configuration.secret-argument" }]);
    expect(JSON.stringify(events)).not.toContain("canary");
  });

  test("from a file is fine", async () => {
    const { values, events } = await parse(["MYSQL_PASSWORD=@DIR/secret.txt"]);
    await values;
    expect(events).toEqual([]);
  });
});
