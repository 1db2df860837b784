import { quoted, type Parsed } from "./Parsed.ts";
import type { OpenPort } from "./StackConfiguration.ts";

/** What the ports of the default list are for; others are described by their number. */
const descriptions: Readonly<Record<string, string>> = {
  "80/tcp": "HTTP",
  "443/tcp": "HTTPS",
  "7070/tcp": "HTTP tracker",
  "6868/udp": "UDP tracker",
  "6969/udp": "UDP tracker",
};

/** A list such as `80/tcp,6969/udp`, open to everybody. Empty means that only SSH is open. */
export function parseOpenPorts(text: string): Parsed<OpenPort[]> {
  const hint = "write a list such as 80/tcp,443/tcp,6969/udp";
  const ports: OpenPort[] = [];
  const seen = new Set<string>();
  if (text.trim() === "") return { value: [] };
  for (const item of text.split(",").map((piece) => piece.trim())) {
    const match = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(item);
    const port = Number(match?.[1]);
    if (match === null) return { message: `contains ${quoted(item)}, which is not PORT/tcp or PORT/udp`, hint };
    if (port < 1 || port > 65_535) return { message: `contains port ${port}; ports are 1 to 65535`, hint };
    const protocol = match[2] as "tcp" | "udp" | undefined;
    if (protocol === undefined) {
      return { message: `contains ${port} without a protocol`, hint: `write ${port}/tcp or ${port}/udp` };
    }
    const name = `${port}/${protocol}`;
    if (name === "22/tcp") {
      return { message: "contains the port of SSH", hint: "leave it out: SSH_ALLOWED_FROM says who may reach it" };
    }
    if (seen.has(name)) return { message: `contains ${name} twice`, hint: "leave it out once" };
    seen.add(name);
    ports.push({ protocol, port, description: descriptions[name] ?? `port ${name}`, sources: ["0.0.0.0/0", "::/0"] });
  }
  return { value: ports };
}
