import { expect, test } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { checkOutside } from "./checkOutside.ts";
import type { ReleaseCheck } from "./Release.ts";

test.each([{ http: "127.0.0.1/" }, { tcp: "web" }, { tls: "127.0.0.1:0" }, { udp_tracker: "127.0.0.1:70000" }])(
  "an address that is none is a bad check, not the end of all of them: %o",
  async (address) => {
    const check: ReleaseCheck = { name: "port", timeout: 1, decides: true, from: ["outside"], ...address };
    const report = await checkOutside(check, "127.0.0.1", realPorts());
    expect(report).toMatchObject({ outcome: "bad", message: "the check's address is none" });
  },
);
