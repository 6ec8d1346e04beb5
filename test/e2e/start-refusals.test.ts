import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { ended, makeStateDir, spawnNpmStart, startGateway } from "../support/started-gateway.ts";

/** What a start that must fail says on stderr. */
async function refusal(args: string[], env: Record<string, string>): Promise<string> {
  const state = makeStateDir();
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

test("a flag that there is not is named, and nothing is printed on stdout", async () => {
  expect(await refusal(["--nope"], {})).toContain("--nope");
});

test.each(["PORT", "SIMULATOR_PORT"])("a taken port names itself and %s", async (variable) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    expect(await refusal([], { [variable]: String(port) })).toContain(`port ${port} is in use: set ${variable}`);
  } finally {
    server.close();
  }
});

test("a variable that the Worker would refuse is named before anything starts", async () => {
  const stderr = await refusal([], { SUBMIT_MS_MAX: "abc" });
  expect(stderr.trim()).toMatch(/^wavegate: SUBMIT_MS_MAX: .* not "abc"$/);
});

test("a state directory that cannot be made is named, and does not spin", async () => {
  expect(await refusal(["--state", "/proc/nope/deeper"], {})).toContain("--state: /proc/nope cannot be made");
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
