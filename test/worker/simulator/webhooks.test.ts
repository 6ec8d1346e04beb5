import { env } from "cloudflare:workers";
import { runDurableObjectAlarm } from "cloudflare:test";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accountOf, webhookSecretOf } from "../../../src/simulator/account.ts";
import type { SimulatorEnv } from "../../../src/simulator/env.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import { type AccountClient, newAccount, T2V } from "./account-client.ts";

interface Received {
  url: string;
  headers: Headers;
  body: string;
}

let received: Received[];
let statuses: number[];

beforeEach(() => {
  received = [];
  statuses = [];
  spyFetch(async (request) => {
    received.push({ url: request.url, headers: request.headers, body: await request.text() });
    return new Response(null, { status: statuses.shift() ?? 204 });
  });
});
afterEach(() => vi.restoreAllMocks());

describe("webhooks", () => {
  it("post the bare prediction once, signed with the account's secret", async () => {
    const account = newAccount();
    const id = await submitWithHook(account, "[[sim: delay=24h]]");
    await pass(account, "24h");
    expect(received).toHaveLength(1);
    const [hook] = received;
    expect(hook?.url).toBe("https://hooks.test/here?a=1");
    expect(JSON.parse(hook?.body ?? "")).toMatchObject({
      id,
      status: "completed",
      input: { duration: 5 },
      code: 0,
    });
    expect(hook?.headers.get("webhook-id")).toBe(id);
    const { secret } = await account.data("GET", "/api/v3/webhook/secret");
    expect(secret).toBe(await webhookSecretOf(account.key));
    expect(hook?.headers.get("webhook-signature")).toBe(expectedSignature(hook, String(secret)));
    await pass(account, "24h");
    expect(received).toHaveLength(1);
  });

  it("tell of a failed task, and of no other end but these two", async () => {
    const account = newAccount();
    for (const end of ["fail", "end=timeout", "end=cancelled", "vanish"]) {
      await submitWithHook(account, `[[sim: delay=24h, ${end}]]`);
    }
    await pass(account, "24h");
    expect(received.map((hook) => (JSON.parse(hook.body) as { status: string }).status)).toEqual(["failed"]);
  });

  it("are not sent, doubled, late or forged as the prompt says", async () => {
    const account = newAccount();
    await submitWithHook(account, "[[sim: delay=24h, webhook.send=none]]");
    await pass(account, "25h");
    expect(received).toHaveLength(0);
    await submitWithHook(account, "[[sim: delay=24h, webhook.copies=3, webhook.late=2h]]");
    await pass(account, "25h");
    expect(received).toHaveLength(0);
    await pass(account, "1h");
    expect(received).toHaveLength(3);
    expect(new Set(received.map((hook) => hook.headers.get("webhook-id"))).size).toBe(1);
    await submitWithHook(account, "[[sim: delay=24h, webhook.send=forged]]");
    await pass(account, "24h");
    const forged = received.at(-1);
    expect(forged?.headers.get("webhook-signature")).toMatch(/^v3,[0-9a-f]{64}$/);
    expect(forged?.headers.get("webhook-signature")).not.toBe(
      expectedSignature(forged, await webhookSecretOf(account.key)),
    );
  });

  it("follow a control fault that was set while the task ran", async () => {
    const account = newAccount();
    const id = await submitWithHook(account, "[[sim: delay=24h]]");
    await account.data("POST", "/control/faults", {
      match: { operation: "webhook", prediction_id: id },
      fault: { copies: 2, late: "1h" },
    });
    await pass(account, "24h");
    expect(received).toHaveLength(0);
    await pass(account, "1h");
    expect(received).toHaveLength(2);
  });

  it("are retried three times with growing waits, then given up, and refunded where asked", async () => {
    const account = newAccount();
    await account.data("POST", "/control/limits", { refund_undelivered: true });
    statuses = [500, 500, 500, 500];
    await submitWithHook(account, "[[sim: delay=24h]]");
    await pass(account, "24h");
    await pass(account, "1s");
    await pass(account, "4s");
    expect(received).toHaveLength(3);
    expect((await account.bill()).net_micros).toBe(1_300_000);
    await pass(account, "16s");
    await pass(account, "24h");
    expect(received).toHaveLength(4);
    expect((await account.stats()).webhooks).toEqual({ failed: 1 });
    expect((await account.bill()).net_micros).toBe(0);
  });
});

const expectedSignature = (hook: Received | undefined, secret: string): string => {
  const { headers, body } = hook ?? { headers: new Headers(), body: "" };
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`;
  return `v3,${createHmac("sha256", secret.slice("whsec_".length)).update(signed).digest("hex")}`;
};

async function submitWithHook(account: AccountClient, prompt: string): Promise<string> {
  const hook = encodeURIComponent("https://hooks.test/here?a=1");
  return String((await account.data("POST", `/api/v3/${T2V}?webhook=${hook}`, { prompt }))["id"]);
}

/** Moves the account's clock and lets its alarm do what fell due, by hand and to the end. */
async function pass(account: AccountClient, time: string): Promise<void> {
  await account.data("POST", "/control/clock", { advance: time });
  const stub = (env as unknown as SimulatorEnv).SIMULATED_ACCOUNT.getByName(await accountOf(account.key));
  // The real alarm is due now as well: whichever of the two runs first does the work.
  await runDurableObjectAlarm(stub);
  await vi.waitFor(async () => expect(await stub.webhooksDue()).toBe(0));
}
