import { journalHead } from "../../src/ledger/journal-store.ts";
import { setReportedSeq } from "../../src/ledger/tenant-store.ts";
import { TenantLedger } from "../../src/ledger/tenant-ledger.ts";
import type { SeedOrder } from "../ledger/protocol.ts";
import { seedHistory } from "../ledger/seed-history.ts";

/** The gateway's ledger, and SQL that gives it a history. Never exported by src/index.ts. */
export class GrowthLedger extends TenantLedger {
  async seed(order: SeedOrder): Promise<void> {
    const tenant = await this.describe();
    if (!tenant) throw new Error("the tenant has to be made first");
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      seedHistory(sql, tenant, order);
      setReportedSeq(sql, journalHead(sql).seq);
    });
  }
}
