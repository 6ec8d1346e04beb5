import type { SeedOrder } from "../ledger/protocol.ts";

/** What the scenario asks of the bench's Worker: some of a tenant's history, in its ledger and its first tracker. */
export interface HistoryOrder {
  tenant: string;
  order: SeedOrder;
}

/** No gateway has it: requests to it are the bench's. */
export const SEED_URL = "http://seed.bench.invalid/";
