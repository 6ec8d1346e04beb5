import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  ended,
  isListening,
  spawnNpmStart,
  startGateway,
  type StartedGateway,
  type StartOptions,
} from "../support/started-gateway.ts";

const running: StartedGateway[] = [];
const start = async (options?: StartOptions): Promise<StartedGateway> => {
  const gateway = await startGateway(options);
  running.push(gateway);
  return gateway;
};

afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.kill9();
});

const healthz = async (url: string | null): Promise<number> => (await fetch(`${url}/healthz`)).status;

const operatorStatus = async ({ info }: StartedGateway): Promise<number> => {
  const headers = { authorization: `Bearer ${info.operatorKey}` };
  return (await fetch(`${info.gateway}/v1/tenants/${info.tenant}`, { headers })).status;
};

describe("npm start", () => {
  test("prints exactly one line of JSON on stdout, and what the line names answers", async () => {
    const gateway = await start();

    expect(gateway.output().stdout).toMatch(/^\{[^\n]*\}\n$/);
    expect(Object.keys(gateway.info)).toEqual(["gateway", "simulator", "operatorKey", "tenantKey", "tenant"]);
    expect(gateway.info.operatorKey).toMatch(/^wg_mgmt_/);
    expect(gateway.info.tenantKey).toMatch(/^wg_live_/);
    expect(await healthz(gateway.info.gateway)).toBe(200);
    expect(await operatorStatus(gateway)).toBe(200);
    expect(await isListening(gateway.ports.simulator)).toBe(true);
  });

  test("prints the same keys on the same state, also after a SIGKILL of everything", async () => {
    const first = await start();
    await first.kill9();
    const second = await start({ stateDir: first.stateDir });
    expect(await second.stop()).toBe(0);
    const third = await start({ stateDir: first.stateDir });

    const { operatorKey, tenantKey, tenant } = first.info;
    expect(second.info).toMatchObject({ operatorKey, tenantKey, tenant });
    expect(third.info).toMatchObject({ operatorKey, tenantKey, tenant });
    expect(await operatorStatus(third)).toBe(200);
  });

  test("keeps the secrets where only their owner reads them", async () => {
    const { stateDir } = await start();
    expect(statSync(join(stateDir, "secrets.json")).mode & 0o777).toBe(0o600);
  });

  test("--fresh begins anew: other keys, and the old ones are refused", async () => {
    const old = await start();
    await old.stop();
    const fresh = await start({ stateDir: old.stateDir, args: ["--fresh"] });

    expect(fresh.info.operatorKey).not.toBe(old.info.operatorKey);
    const headers = { authorization: `Bearer ${old.info.operatorKey}` };
    expect((await fetch(`${fresh.info.gateway}/v1/tenants`, { headers })).status).toBe(401);
  });

  test("two run side by side on states of their own", async () => {
    const [one, other] = await Promise.all([start(), start()]);

    expect(one.info.operatorKey).not.toBe(other.info.operatorKey);
    expect(await operatorStatus(one)).toBe(200);
    expect(await operatorStatus(other)).toBe(200);
  });

  test("with a WaveSpeed of one's own there is no simulator port", async () => {
    const gateway = await start({
      env: { WAVESPEED_BASE_URL: "http://127.0.0.1:9", WAVESPEED_API_KEY: "ws_test" },
    });

    expect(gateway.info.simulator).toBeNull();
    expect(await isListening(gateway.ports.simulator)).toBe(false);
    expect(await healthz(gateway.info.gateway)).toBe(200);
  });

  test("serves a person the same, in words with a call to paste", async () => {
    const seeded = await start();
    await seeded.stop();
    const text = await printedBy(seeded);

    expect(text).toContain(`curl -sS -X POST ${seeded.info.gateway}/api/v3/kwaivgi/kling-v2.0-t2v-master`);
    for (const named of Object.values(seeded.info)) expect(text).toContain(named);
  });

  test("prints a link by which the first operator is made, then one for that operator; an older one is no good", async () => {
    const seeded = await start();
    await seeded.stop();
    const left = await printedBy(seeded);
    const people = new Set<string>();
    for (let count = 0; count < 2; count += 1) {
      await printedBy(seeded, async (text) => {
        const { status, body } = await signIn(text);
        expect([status, body.person?.operator]).toEqual([200, true]);
        people.add(body.person?.id ?? "");
        expect((await signIn(text)).status).toBe(401);
        expect((await signIn(left)).status).toBe(401);
        // The passkeys' library works as it is bundled here.
        const options = await fetch(`${seeded.info.gateway}/v1/sign-in/passkey/options`, { method: "POST" });
        expect(options.status).toBe(200);
      });
    }
    expect(people.size).toBe(1);
  });
});

/** What a start on the state of another prints; `meanwhile`: what to do while it serves. */
async function printedBy(
  seeded: StartedGateway,
  meanwhile = async (_text: string): Promise<void> => {},
): Promise<string> {
  const child = spawnNpmStart(["--state", seeded.stateDir], {
    PORT: String(seeded.ports.gateway),
    SIMULATOR_PORT: String(seeded.ports.simulator),
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes("/balance")) break;
  }
  try {
    await meanwhile(text);
  } finally {
    child.kill("SIGTERM");
  }
  expect(await ended(child, 5_000)).toBe(0);
  return text;
}

interface SignedIn {
  person?: { id: string; operator: boolean };
}

/** Follows the link of a start as its page does. */
async function signIn(text: string): Promise<{ status: number; body: SignedIn }> {
  const link = new URL(/http:\S+\/console\/sign-in\?code=\S+/.exec(text)?.[0] ?? "");
  const response = await fetch(`${link.origin}/v1/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: link.searchParams.get("code") }),
  });
  return { status: response.status, body: (await response.json()) as SignedIn };
}
