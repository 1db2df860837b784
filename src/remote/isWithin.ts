import { isIPv4 } from "node:net";

/** Whether an IP address belongs to a CIDR range. Both are well-formed; a range of the other family never holds it. */
export function isWithin(address: string, range: string): boolean {
  const [net = "", length = ""] = range.split("/");
  const [one, other] = [bitsOf(address), bitsOf(net)];
  return one.length === other.length && one.slice(0, Number(length)) === other.slice(0, Number(length));
}

function bitsOf(address: string): string {
  if (isIPv4(address)) return groups(address.split("."), 10, 8);
  // The end may be written as an IPv4 address.
  const text = address.replace(/%.*$/, "").replace(/[\d.]+\.\d+$/, (end) => {
    const [a, b, c, d] = end.split(".").map(Number);
    return [(a ?? 0) * 256 + (b ?? 0), (c ?? 0) * 256 + (d ?? 0)].map((part) => part.toString(16)).join(":");
  });
  const [head = [], tail = []] = text.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return groups([...head, ...zeros, ...tail], 16, 16);
}

function groups(parts: readonly string[], radix: number, width: number): string {
  return parts.map((part) => Number.parseInt(part, radix).toString(2).padStart(width, "0")).join("");
}
