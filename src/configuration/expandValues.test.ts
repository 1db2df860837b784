import { describe, expect, test } from "vitest";
import { createNames } from "./createNames.ts";
import { expandValues, type Expansion } from "./expandValues.ts";
import type { Layers } from "./Layers.ts";
import { parseEnvFile } from "./parseEnvFile.ts";
import type { Layer } from "./StackConfiguration.ts";
import { acme } from "./testing/temporaryWorkspace.ts";

/** Layers, lowest first, each as the text of a file. */
function expand(...texts: string[]): Expansion {
  const order: Layer[] = ["provider file", "project file", "environment file"];
  const layers: Layers = texts.map((text, index) => {
    const layer = order[index] ?? "command line";
    const { entries, problems } = parseEnvFile(text, `${index}.env`);
    expect(problems).toEqual([]);
    const origin = (line: number) => ({ layer, file: `${index}.env`, line });
    return {
      layer,
      definitions: new Map(
        entries.map(({ key, line, parts }) => [key, { spelling: key, parts, origin: origin(line) }]),
      ),
    };
  });
  return expandValues(layers, createNames(acme(), []), new Map([["HOME", "/home/somebody"]]));
}

const text = (expansion: Expansion, key: string) => expansion.values.get(key)?.text;
const reports = ({ problems }: Expansion) => problems.map(({ where, message }) => `${where} ${message}`);

describe("references", () => {
  test("see the highest layer, wherever they stand", () => {
    const expansion = expand("A=${B}\nB=low", "B=high");
    expect(expansion.problems).toEqual([]);
    expect(text(expansion, "A")).toBe("high");
  });

  test("an empty variable takes the default, but is no missing one", () => {
    const expansion = expand("E=\nA=${E:-x}\nB=<${E}>\nC=${U:-${E:-y}}\nD=${U:-}");
    expect(expansion.problems).toEqual([]);
    expect([..."ABCD"].map((key) => text(expansion, key))).toEqual(["x", "<>", "y", ""]);
  });

  test("values are not expanded twice", () => {
    expect(text(expand("A='${X}$(id)'\nB=${A}"), "B")).toBe("${X}$(id)");
  });

  test("HOME can be read", () => {
    expect(text(expand("A=$HOME/.ssh"), "A")).toBe("/home/somebody/.ssh");
  });

  test("to the own name mean the layers below", () => {
    expect(text(expand("A=1", "A=${A:-9}2", "A=${A}3"), "A")).toBe("123");
    expect(text(expand("A=${A:-1}"), "A")).toBe("1");
    expect(reports(expand("A=${A}"))).toEqual(["0.env:1 A is made from itself, and no lower layer sets it"]);
  });

  test("a layer below is seen by the name that refers to itself only", () => {
    expect(text(expand("A=1\nB=${A}", "A=${A}2"), "B")).toBe("12");
  });
});

describe("problems", () => {
  test("an unset variable without a default, with the line of the reference", () => {
    const expansion = expand('\nA="x\n$NOWHERE"\nB=${A}');
    expect(reports(expansion)).toEqual(["0.env:3 NOWHERE is not set and has no default"]);
    expect(expansion.problems[0]?.hint).toContain("\\$");
    expect([...expansion.failed]).toEqual(["A", "B"]);
  });

  test("a demanded variable, unset or empty, with its message", () => {
    expect(reports(expand("E=\nA=${E:?give E}\nB=${U:?}"))).toEqual([
      "0.env:2 E has to be set: give E",
      "0.env:3 U has to be set",
    ]);
  });

  test("circles, once, with their names", () => {
    const expansion = expand("A=${B}\nB=x${C}\nC=${A:-1}\nD=$A");
    expect(reports(expansion)).toEqual(["0.env:1 the values refer to each other in a circle: A -> B -> C -> A"]);
    expect([...expansion.failed]).toEqual(["A", "B", "C", "D"]);
  });

  test("what a higher layer replaces may refer to anything", () => {
    expect(expand("A=${NOWHERE}", "A=1").problems).toEqual([]);
  });

  test("values that double each other, and endless chains", () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `A${n + 1}=\${A${n}}\${A${n}}`).join("\n");
    expect(reports(expand(`A0=xxxx\n${doubling}`))).toEqual([expect.stringContaining("longer than 128 KiB")]);
    const chain = Array.from({ length: 5000 }, (_, n) => `A${n}=\${A${n + 1}}`).join("\n");
    expect(reports(expand(`${chain}\nA5000=x`))[0]).toContain("refers through more than 100 others");
  });
});

describe("spellings", () => {
  test("an old one feeds the present name and every reference", () => {
    const expansion = expand("PERSISTENT_DATA_SIZE=7\nA=$DATA_DISK_SIZE\nB=$PERSISTENT_DATA_SIZE");
    expect(expansion.values.get("DATA_DISK_SIZE")).toMatchObject({ text: "7", spelling: "PERSISTENT_DATA_SIZE" });
    expect([text(expansion, "A"), text(expansion, "B")]).toEqual(["7", "7"]);
    expect(expansion.values.has("PERSISTENT_DATA_SIZE")).toBe(false);
  });

  test("two in one layer: fine with one value, an error naming both otherwise", () => {
    expect(expand("PERSISTENT_DATA_SIZE=7\nDATA_DISK_SIZE=$PERSISTENT_DATA_SIZE").problems).toEqual([]);
    expect(reports(expand("PERSISTENT_DATA_SIZE=7\n\nDATA_DISK_SIZE=8"))).toEqual([
      "0.env:1 PERSISTENT_DATA_SIZE and DATA_DISK_SIZE (0.env:3) mean the same setting and have different values",
    ]);
  });

  test("in two layers: the higher one counts", () => {
    expect(text(expand("DATA_DISK_SIZE=8", "PERSISTENT_DATA_SIZE=7"), "DATA_DISK_SIZE")).toBe("7");
  });

  test("different values of a secret are not told", () => {
    const expansion = expand("ACME_API_TOKEN=aaaaaaaa\nPROVIDER_ACME_TOKEN=bbbbbbbb");
    expect(reports(expansion)).toHaveLength(1);
    expect(JSON.stringify(expansion.problems)).not.toMatch(/aaaaaaaa|bbbbbbbb/);
  });
});

test("what contains a secret is one", () => {
  const { values } = expand(
    "MYSQL_PASSWORD=p\nURL=mysql://u:${MYSQL_PASSWORD}@h\nCOPY=${X:-$URL}\nPLAIN=x\nSSH_PUBLIC_KEY=k",
  );
  expect([...values.values()].map(({ key, secret }) => [key, secret])).toEqual([
    ["MYSQL_PASSWORD", true],
    ["URL", true],
    ["COPY", true],
    ["PLAIN", false],
    ["SSH_PUBLIC_KEY", false],
  ]);
});
