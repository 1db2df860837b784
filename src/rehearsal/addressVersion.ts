import { isIP } from "node:net";

/** Of an address or a range such as 10.0.0.0/8; 0 where the text is neither. */
export function addressVersion(text: string): 0 | 4 | 6 {
  const [, address = "", bits = "0"] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address) as 0 | 4 | 6;
  return Number(bits) <= (version === 4 ? 32 : 128) ? version : 0;
}
