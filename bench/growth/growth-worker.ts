import type { Env } from "../../src/config.ts";
import gateway from "../../src/index.ts";
import type { GrowthLedger } from "./growth-ledger.ts";
import type { GrowthTracker } from "./growth-tracker.ts";
import { SEED_URL, type HistoryOrder } from "./protocol.ts";

export { UpstreamAccount } from "../../src/index.ts";
export { GrowthLedger as TenantLedger } from "./growth-ledger.ts";
export { GrowthTracker as JobTracker } from "./growth-tracker.ts";

/** The gateway as it is, and an entry that seeds a history. Only the bench has it: nothing of src/ names it. */
export default {
  ...gateway,
  async fetch(request, env, context): Promise<Response> {
    if (request.url !== SEED_URL) return gateway.fetch(request, env, context);
    const { tenant, order } = await request.json<HistoryOrder>();
    const ledger = env.TENANT_LEDGER.getByName(tenant) as unknown as Pick<GrowthLedger, "seed">;
    const tracker = env.JOB_TRACKER.getByName(`${tenant}:0`) as unknown as Pick<GrowthTracker, "seed">;
    await ledger.seed(order);
    await tracker.seed(tenant, order);
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<Env, Parameters<typeof gateway.queue>[0]["messages"][number]["body"]>;
