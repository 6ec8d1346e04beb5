import { DurableObject } from "cloudflare:workers";
import type { BenchEnv, BenchLedger } from "./bench-ledger.ts";
import { auditLedger } from "../../src/ledger/audit/audit-ledger.ts";
import type { AuditReport } from "../../src/ledger/audit/audit-types.ts";
import type { TenantLedgerApi } from "../../src/ledger/types.ts";
import { drive } from "./drive.ts";
import { BUDGETS, KEY, measuredRequest, TIME_ZONE } from "./measured-job.ts";
import type { LedgerRequest, Round, RoundResult } from "./protocol.ts";

export { BenchLedger } from "./bench-ledger.ts";

/** Knows every job that it is asked about. No alarm rings while the bench measures, so nobody asks. */
export class QuietTracker extends DurableObject {
  async voidUnstarted(jobIds: string[]): Promise<{ known: string[]; voided: string[] }> {
    return { known: jobIds, voided: [] };
  }
}

/** The stub as the gateway types it, and the bench's own calls. */
type Ledger = TenantLedgerApi & Pick<BenchLedger, "seed" | "restart" | "captureAll" | "count">;

/** The ledger's Worker: calls it as the gateway does, by RPC from a Worker of the same process. */
export default {
  async fetch(request, env): Promise<Response> {
    const asked = await request.json<LedgerRequest>();
    const ledger = (): Ledger => env.TENANT_LEDGER.getByName(asked.tenant) as unknown as Ledger;
    return Response.json((await answer(ledger, asked)) ?? null);
  },

  /** Takes what the ledgers report, and does nothing with it. */
  async queue(): Promise<void> {},
} satisfies ExportedHandler<BenchEnv>;

async function answer(ledger: () => Ledger, asked: LedgerRequest): Promise<unknown> {
  switch (asked.op) {
    case "provision":
      return provision(ledger(), asked.tenant);
    case "seed":
      return ledger().seed(asked.order);
    case "begin":
      return begin(ledger);
    case "round":
      return round(ledger(), asked.round);
    case "settle":
      return ledger().captureAll();
    case "count":
      return ledger().count();
    case "audit":
      return audit(ledger());
  }
}

/** As many as fit into one request of a Worker. */
const AUDIT_STEPS_MAX = 900;

async function audit(ledger: Ledger): Promise<AuditReport> {
  const audited = await auditLedger(ledger, AUDIT_STEPS_MAX);
  if (audited.state !== "done") throw new Error("the audit takes too many steps");
  return audited.report;
}

async function provision(ledger: Ledger, tenant: string): Promise<void> {
  await ledger.provision({ tenant, name: "bench", timeZone: TIME_ZONE });
  const made = await ledger.change("create_key", KEY);
  if (!made.ok) throw new Error(made.error.message);
}

/** Returns the milliseconds that an object took to wake on its history. */
async function begin(ledger: () => Ledger): Promise<number> {
  for (const budget of BUDGETS) {
    const result = await ledger().change("put_budget", budget);
    if (!result.ok) throw new Error(result.error.message);
  }
  await ledger()
    .restart()
    .catch(() => {});
  const from = performance.now();
  await ledger().describe();
  return performance.now() - from;
}

const round = (ledger: Ledger, asked: Round): Promise<RoundResult> =>
  drive(asked, async () => {
    const result = await ledger.reserve(measuredRequest());
    if (!result.ok) throw new Error(result.error.message);
    if (asked.kind === "reserve") return;
    const { jobId } = result.value.job;
    const ended = await ledger.settle({ jobId, action: "capture", outcome: "completed", reason: "" });
    if (ended !== "settled") throw new Error(`job ${jobId} could not be settled`);
  });
