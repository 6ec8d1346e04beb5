import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { ended, freePort, spawnNpmStart, startGateway } from "../support/started-gateway.ts";

/** What a start that must fail says on stderr. */
async function refusal(args: string[], env: Record<string, string>): Promise<string> {
  const state = mkdtempSync(join(tmpdir(), "wavegate-"));
  const child = spawnNpmStart(["--json", "--state", state, ...args], {
    PORT: String(await freePort()),
    SIMULATOR_PORT: String(await freePort()),
    ...env,
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(await ended(child, 10_000)).toBe(1);
  expect(stdout).toBe("");
  return stderr;
}

test.each([
  [["--nope"], {}, "--nope"],
  [["--state", ""], {}, '--state: a directory is needed, got ""'],
  [[], { PORT: "87x" }, 'PORT: an integer from 1 to 65535 is needed, got "87x"'],
  [
    [],
    { SIMULATOR_PORT: "70000" },
    'SIMULATOR_PORT: an integer from 1 to 65535 is needed, got "70000"',
  ],
  [
    [],
    { PORT: "4000", SIMULATOR_PORT: "4000" },
    "PORT and SIMULATOR_PORT: must differ, both are 4000",
  ],
  [
    [],
    { WAVESPEED_BASE_URL: "http://127.0.0.1:9" },
    "WAVESPEED_BASE_URL is set but WAVESPEED_API_KEY is not",
  ],
  [[], { WAVESPEED_API_KEY: "k" }, "WAVESPEED_API_KEY is set but WAVESPEED_BASE_URL is not"],
  [
    [],
    { WAVESPEED_BASE_URL: "ftp://x", WAVESPEED_API_KEY: "k" },
    'address is needed, got "ftp://x"',
  ],
])("%j with %j is refused with the rule and the value", async (args, env, message) => {
  expect(await refusal(args, env)).toContain(message);
});

test.each(["PORT", "SIMULATOR_PORT"])("a taken port names itself and %s", async (variable) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    expect(await refusal([], { [variable]: String(port) })).toContain(
      `port ${port} is in use: set ${variable}`,
    );
  } finally {
    server.close();
  }
});

test("a state that another instance runs on is refused", async () => {
  const first = await startGateway();
  try {
    expect(await refusal(["--state", first.stateDir], {})).toContain(
      `another wavegate is running on ${first.stateDir}`,
    );
  } finally {
    await first.kill9();
  }
});
