import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "./support/canary.ts";
import { configurationTree, environments, providers, type ConfigurationTree } from "./support/configurationTree.ts";
import { landfall } from "./support/landfall.ts";

const token = canary("a cloud's token", 64);

let tree: ConfigurationTree;
beforeEach(async () => {
  tree = await configurationTree();
});
afterEach(() => tree.remove());

describe("on a terminal", () => {
  const talk = (answers: (string | undefined)[], ...argv: string[]) => {
    const questions: { question: string; secret: boolean }[] = [];
    const answer = (secret: boolean) => async (question: string) => {
      questions.push({ question, secret });
      return answers.shift();
    };
    const terminal = { interactive: true, ask: answer(false), askSecret: answer(true) };
    return landfall(tree.root, ["configure", ...argv], {}, terminal).then((outcome) => ({ ...outcome, questions }));
  };

  test("only what a person knows is asked, checked at once, a secret without being shown", async () => {
    const answers = ["https://x/", "tracker.torrust.dev", "", "yes", "true", "short", token];
    const { status, questions, stdout, stderr } = await talk(answers, "production", "--provider", "hetzner");
    expect(status, stderr).toBe(0);
    expect(
      questions.map(({ question, secret }) => [
        /^(\w+)(?: \(|:)/m.exec(question.split("\n").at(-1) ?? "")?.[1],
        secret,
      ]),
    ).toEqual([
      ["DOMAIN_NAME", false],
      ["DOMAIN_NAME", false],
      ["CERTBOT_EMAIL", false],
      ["ENABLE_SSL", false],
      ["ENABLE_SSL", false],
      ["PROVIDER_HETZNER_TOKEN", true],
      ["PROVIDER_HETZNER_TOKEN", true],
    ]);
    expect(questions[0]?.question).toContain("Domain of the server, the address that the certificate authority");
    expect(questions[0]?.question).toContain("without https://");
    expect(questions[1]?.question).toContain("not a domain name");
    expect(questions[2]?.question).not.toContain("Domain of the server");
    expect(questions[5]?.question).toContain("64 letters and digits");
    expect(await tree.values(`${environments}/production.env`)).toMatchObject({
      DOMAIN_NAME: "tracker.torrust.dev",
      CERTBOT_EMAIL: "REPLACE_WITH_YOUR_EMAIL",
      ENABLE_SSL: "true",
    });
    expect((await tree.values(`${providers}/hetzner.env`))["PROVIDER_HETZNER_TOKEN"]).toBe(token);
    expect(stdout).toContain("still open:");
    expect(`${stdout}${stderr}${JSON.stringify(questions)}`).not.toContain(token);
  });

  test("where the questions are ended, nothing is written", async () => {
    const { status, stderr } = await talk(["tracker.torrust.dev", undefined], "production");
    expect(status).toBe(5);
    expect(stderr).toContain("nothing was written");
    expect(await readdir(join(tree.root, environments))).not.toContain("production.env");
  });

  test("a file that somebody else wrote meanwhile is left to them", async () => {
    await tree.configured("staging");
    const file = `${environments}/staging.env`;
    const theirs = `${await tree.read(file)}# theirs\n`;
    const answers = ["staging.torrust.dev"];
    const ask = async () => {
      await tree.write(file, theirs);
      return answers.shift() ?? "";
    };
    const terminal = { interactive: true, ask };
    const outcome = await landfall(tree.root, ["configure", "staging"], {}, terminal);
    expect(outcome).toMatchObject({ status: 1, stderr: expect.stringContaining("written by somebody else") });
    expect(await tree.read(file)).toBe(theirs);
  });
});
