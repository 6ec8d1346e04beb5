import { runInDurableObject } from "cloudflare:test";
import type { BudgetState } from "../../../src/ledger/types.ts";
import { admitted, request, stubOf, type TestTenant } from "./tenant.ts";

/** The tables as they are, with nothing counted for the asking. */
export const tables = (tenant: string) =>
  runInDurableObject(stubOf(tenant), (_instance, { storage: { sql } }) => ({
    counted: Number(sql.exec("SELECT counted_seq FROM tenant").one()["counted_seq"]),
    head: Number(sql.exec("SELECT coalesce(MAX(seq), 0) AS seq FROM journal").one()["seq"]),
    counters: sql.exec("SELECT budget_id, captured_micros, held_micros, held_jobs FROM budget_counters").toArray(),
    spend: sql.exec("SELECT SUM(captured_micros) AS micros FROM spend").one()["micros"],
  }));

export const sums = (state: BudgetState | undefined) => [state?.capturedMicros, state?.heldMicros, state?.heldJobs];

export const hold = async ({ ledger, caller }: TestTenant): Promise<string> =>
  admitted([await ledger.reserve(request(caller))])[0] ?? "";
