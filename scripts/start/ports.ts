import { createServer } from "node:net";
import { UsageError } from "./options.ts";

/** Refuses in words where workerd would fail with an address of its own. */
export async function refuseTakenPort(port: number, variable: string): Promise<void> {
  for (const host of ["127.0.0.1", "::1"]) {
    const code = await tryListen(port, host);
    // A machine without IPv6 has nothing listening there either.
    if (code === null || code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") continue;
    const why = code === "EADDRINUSE" ? "is in use" : `cannot be opened (${code})`;
    throw new UsageError(`port ${port} ${why}: set ${variable} to a free one`);
  }
}

function tryListen(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
