import type { Env } from "../../src/config.ts";
import type { AuditStep } from "../../src/ledger/audit/audit-types.ts";
import type { TenantLedgerApi } from "../../src/ledger/types.ts";
import { BUDGETS, KEY, measuredRequest, TIME_ZONE } from "../ledger/measured-job.ts";
import { quantile } from "../statistics.ts";
import type { AuditedLedger } from "./audited-ledger.ts";
import type { AuditRequest, AuditResult } from "./protocol.ts";

export { AuditedLedger } from "./audited-ledger.ts";
export { QuietTracker } from "../ledger/ledger-worker.ts";

type Ledger = TenantLedgerApi & Pick<AuditedLedger, "hold" | "tags" | "sign" | "execute">;

/** Calls the ledger as the gateway does, by RPC from a Worker of the same process. */
export default {
  async fetch(request, env): Promise<Response> {
    const asked = await request.json<AuditRequest>();
    const ledger = env.TENANT_LEDGER.getByName(asked.tenant) as unknown as Ledger;
    return Response.json((await answer(ledger, asked)) ?? null);
  },

  /** Takes what the ledgers report, and does nothing with it. */
  async queue(): Promise<void> {},
} satisfies ExportedHandler<Env>;

async function answer(ledger: Ledger, asked: AuditRequest): Promise<unknown> {
  switch (asked.op) {
    case "provision":
      return provision(ledger, asked.tenant);
    case "hold":
      return ledger.hold(asked.count);
    case "tags":
      return ledger.tags(asked.first, asked.count);
    case "sign":
      return ledger.sign();
    case "sql":
      return ledger.execute(asked.statement);
    case "audit":
      return audit(ledger);
  }
}

async function provision(ledger: Ledger, tenant: string): Promise<void> {
  await ledger.provision({ tenant, name: "bench", timeZone: TIME_ZONE });
  await ledger.change("create_key", KEY);
  for (const budget of BUDGETS) await ledger.change("put_budget", budget);
}

/** One step after the other, with an admission between any two. */
async function audit(ledger: Ledger): Promise<AuditResult> {
  const stepsMs: number[] = [];
  const admissionsMs: number[] = [];
  const from = performance.now();
  let step: AuditStep = await timed(stepsMs, () => ledger.auditStep(null));
  while (step.state === "running") {
    const { run } = step;
    await timed(admissionsMs, () => ledger.reserve(measuredRequest()));
    step = await timed(stepsMs, () => ledger.auditStep(run));
  }
  if (step.state === "lost") throw new Error("the audit was lost");
  return {
    report: step.report,
    steps: stepsMs.length,
    seconds: (performance.now() - from) / 1_000,
    longestStepMs: Math.max(...stepsMs),
    longestAdmissionMs: Math.max(0, ...admissionsMs),
    medianStepMs: quantile(stepsMs, 0.5),
  };
}

async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work();
  into.push(performance.now() - from);
  return result;
}
