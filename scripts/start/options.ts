import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface StartOptions {
  /** Absolute; everything that outlives the process is kept in it. */
  stateDir: string;
  fresh: boolean;
  json: boolean;
  help: boolean;
  port: number;
  simulatorPort: number;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** A mistake of the person at the keyboard: printed without a stack. */
export class UsageError extends Error {
  override name = "UsageError";
}

export const USAGE = `npm start -- [--state DIR] [--fresh] [--json]

  --state DIR   where all local state is kept (default .wrangler/wavegate)
  --fresh       begin anew: forget the state in DIR
  --json        print one line of JSON once it serves, and nothing else on stdout

  PORT            the gateway's port (default 8787)
  SIMULATOR_PORT  the WaveSpeed simulator's port (default 8788)
`;

export const PORT_DEFAULT = 8787;
export const SIMULATOR_PORT_DEFAULT = 8788;

/** Throws a UsageError that names the flag or variable, the rule and the value. */
export function parseOptions(argv: readonly string[], env: Variables, root: string): StartOptions {
  const { state, fresh, json, help } = parseFlags(argv);
  if (state?.trim() === "") throw new UsageError(`--state: a directory is needed, got ${JSON.stringify(state)}`);
  const port = parsePort("PORT", env["PORT"], PORT_DEFAULT);
  const simulatorPort = parsePort("SIMULATOR_PORT", env["SIMULATOR_PORT"], SIMULATOR_PORT_DEFAULT);
  if (port === simulatorPort) {
    throw new UsageError(`PORT and SIMULATOR_PORT: must differ, both are ${port}`);
  }
  return {
    stateDir: resolve(root, state ?? ".wrangler/wavegate"),
    fresh,
    json,
    help,
    port,
    simulatorPort,
  };
}

function parseFlags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        state: { type: "string" },
        fresh: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, {
      cause: error,
    });
  }
}

function parsePort(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port < 1 || port > 65_535) {
    throw new UsageError(`${name}: an integer from 1 to 65535 is needed, got ${JSON.stringify(text)}`);
  }
  return port;
}
