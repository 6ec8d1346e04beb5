import { BenchTenant, MODEL } from "../bench-tenant.ts";
import { Clockwork } from "./clockwork.ts";
import { HOOK_SECRET, startCountedGateway } from "./counted-gateway.ts";
import { planJob, TASK_MS } from "./play-job.ts";
import type { Line } from "./protocol.ts";
import { sendWebhook } from "./send-webhook.ts";

/** One life of a gateway, from its first start until nothing is left to be done. */
export interface Life {
  /** How the gateway learns that a task has ended. */
  ends: "webhook" | "polling";
  /** Whether there is a budget for the model beside the tenant's and the key's. */
  furtherBudget: boolean;
  /** Jobs, one after the other and all in one hour of one day. */
  jobs: number;
}

/** Midnight of a Monday; only the driver's clock counts. */
const START = Date.UTC(2030, 0, 7);

const MINUTE = 60_000;

/** Bills are compared in steps of ten minutes: no two jobs share one. */
const APART_MS = 20 * MINUTE;

/** From a task's end until WaveSpeed's word of it is here. */
const HOOK_MS = 500;

/** Answers all that was counted. */
export async function live({ ends, furtherBudget, jobs }: Life): Promise<Line[]> {
  const clockwork = new Clockwork(START);
  const gateway = await startCountedGateway({
    publicUrl: ends === "webhook" ? "https://gateway.example" : "",
    taskMs: TASK_MS,
    now: () => clockwork.now,
    submitted: (id, webhook) => {
      if (webhook === null) return;
      const to = gateway.gateway + webhook.slice(new URL(webhook).origin.length);
      clockwork.plan(clockwork.now + TASK_MS + HOOK_MS, () => sendWebhook(to, id, HOOK_SECRET, clockwork.now));
    },
  });
  try {
    await clockwork.drive(gateway);
    const tenant = await BenchTenant.create(gateway);
    if (furtherBudget) {
      await tenant.manage("PUT", "/budgets/further", { scope: { model: MODEL }, limit: "1000000000", window: "month" });
    }
    for (let job = 0; job < jobs; job++) planJob(clockwork, tenant, START + 5 * MINUTE + job * APART_MS);
    return await clockwork.toSilence();
  } finally {
    await gateway.end();
  }
}
