import { shellQuote } from "./shellQuote.ts";

/**
 * What starts the agent on a server, as one line for the shell there. It reads from standard input the length of the
 * agent's files, then these, puts them into a directory that is named after their content, and becomes the agent, which
 * reads on. So the agent is always the one that belongs to the Landfall that calls it.
 */
export function agentCommand(): string {
  const python = `python3 -I -c ${shellQuote(bootstrap)}`;
  return `if [ "$(id -u)" = 0 ]; then exec ${python}; else exec sudo -n ${python}; fi`;
}

/** The files as the bootstrap takes them: by path, below the agent's folder. */
export function agentPackage(files: Readonly<Record<string, string>>): Uint8Array {
  const content = Buffer.from(JSON.stringify(files));
  return Buffer.concat([Buffer.from(`${content.length}\n`), content]);
}

const bootstrap = `
import hashlib, json, os, sys
def take(size):
    taken = b""
    while len(taken) < size:
        piece = os.read(0, size - len(taken))
        if not piece: sys.exit("the connection ended")
        taken += piece
    return taken
size = b""
while not size.endswith(b"\\n"): size += take(1)
text = take(int(size))
os.umask(0o077)
root = os.environ.get("LANDFALL_AGENT_ROOT", "/var/lib/torrust")
place = os.path.join(root, "agent", hashlib.sha256(text).hexdigest()[:16])
if not os.path.isdir(place):
    new = "%s.%d.new" % (place, os.getpid())
    for name, content in json.loads(text).items():
        path = os.path.join(new, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    try: os.rename(new, place)
    except OSError:
        if not os.path.isdir(place): raise
os.execv(sys.executable, [sys.executable, "-I", place, "serve"])
`;
