import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { userState } from "./landfall.ts";
import { repository, type Tree } from "./makeTree.ts";

/** The state of `qa/acme` as the engine hands it out, without what counts writings. */
export async function pulledState({ root }: Tree): Promise<object> {
  const argv = [join(repository, "src/main.ts"), "tofu", "qa/acme", "--", "state", "pull"];
  const { stdout } = await promisify(execFile)(process.execPath, argv, {
    env: { ...process.env, LANDFALL_ROOT: root, XDG_STATE_HOME: userState(root) },
  });
  return { ...(JSON.parse(stdout) as object), serial: 0 };
}
