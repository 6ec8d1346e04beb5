import { setTimeout as sleep } from "node:timers/promises";
import type { BenchTenant } from "../bench-tenant.ts";
import type { Upstream } from "../upstream/start-upstream.ts";

/** A tenant's money as each of its keepers tells it, in micro-dollars. */
export interface Books {
  /** The ledger's own counters. */
  captured: number;
  held: number;
  audit: { consistent: boolean; differences: string[] };
  jobs: BookedJob[];
  /** D1's sums. */
  usage: number;
  bill: { tasks: number; micros: number };
}

export interface BookedJob {
  id: string;
  status: string;
  /** What it counts for: its price, or what is held for it; 0 if it was given back. */
  micros: number;
}

const PAGE = 100;
const LOOK_MS = 250;
const GIVEN_BACK = new Set(["failed", "cancelled", "expired"]);

/** Waits until D1 has what the ledger has captured, then asks everybody. False in `caughtUp`: it did not come in time. */
export async function readBooks(
  tenant: BenchTenant,
  upstream: Upstream,
  msMax: number,
): Promise<{ books: Books; caughtUp: boolean }> {
  const until = performance.now() + msMax;
  let caughtUp = false;
  while (!caughtUp && performance.now() < until) {
    const [{ captured }, usage] = [await ledgerOf(tenant), await usageOf(tenant)];
    caughtUp = captured === usage;
    if (!caughtUp) await sleep(LOOK_MS);
  }
  const books: Books = {
    ...(await ledgerOf(tenant)),
    audit: await auditOf(tenant, until),
    jobs: await jobsOf(tenant),
    usage: await usageOf(tenant),
    bill: await upstream.bill(),
  };
  return { books, caughtUp };
}

async function ledgerOf(tenant: BenchTenant): Promise<{ captured: number; held: number }> {
  const { budgets } = await tenant.balance();
  const whole = budgets.find(({ id }) => id === "all");
  if (!whole) throw new Error("the tenant has no budget");
  return { captured: microsOf(whole.captured), held: microsOf(whole.held) };
}

async function usageOf(tenant: BenchTenant): Promise<number> {
  const { total } = await tenant.manage<{ total: { price: string } }>("GET", "/usage");
  return microsOf(total.price);
}

interface AuditReply {
  id?: string;
  status?: string;
  result?: Books["audit"] | null;
  consistent?: boolean;
  differences?: string[];
}

/** A large ledger answers with a job that is to be polled. */
async function auditOf(tenant: BenchTenant, until: number): Promise<Books["audit"]> {
  let reply = await tenant.manage<AuditReply>("POST", "/audit");
  while (reply.status === "running" && performance.now() < until) {
    await sleep(LOOK_MS);
    reply = await tenant.manage<AuditReply>("GET", `/audits/${reply.id}`);
  }
  const { consistent, differences } = reply.result ?? reply;
  return { consistent: consistent ?? false, differences: differences ?? [`the audit is ${reply.status ?? "odd"}`] };
}

interface ListedJob {
  id: string;
  status: string;
  price: string | null;
  cost: string;
}

async function jobsOf(tenant: BenchTenant): Promise<BookedJob[]> {
  const jobs: BookedJob[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const path: string = `/jobs?limit=${PAGE}${cursor && `&cursor=${cursor}`}`;
    const page = await tenant.manage<{ data: ListedJob[]; next_cursor: string | null }>("GET", path);
    jobs.push(...page.data.map(booked));
    cursor = page.next_cursor;
  }
  return jobs;
}

/** The bench's tenants pay what WaveSpeed charges. */
const booked = ({ id, status, price, cost }: ListedJob): BookedJob => ({
  id,
  status,
  micros: GIVEN_BACK.has(status) ? 0 : microsOf(price ?? cost),
});

/** Reckoned here, not by the gateway's own code. */
export function microsOf(decimal: string): number {
  const [whole = "", fraction = ""] = decimal.split(".");
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, "0"));
}
