import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import { buildWorker } from "../../scripts/start/build-worker.ts";
import { bundleWorker } from "../../scripts/start/bundle.ts";
import { prepareDatabases } from "../../scripts/start/databases.ts";
import { startRuntime } from "../../scripts/start/runtime.ts";
import { seedOperator } from "../../scripts/start/seed.ts";
import { openState } from "../../scripts/start/state.ts";
import { chooseUpstream } from "../../scripts/start/upstream.ts";
import { gatewayVariables } from "../../scripts/start/variables.ts";
import { freePort } from "../../test/support/free-port.ts";
import { BenchTenant } from "../bench-tenant.ts";
import { RELEASED_EVERY } from "../ledger/seed-history.ts";
import { residentMegabytes } from "../memory.ts";
import { makeStateDir } from "../state-place.ts";
import { nameOf, type Size } from "./options.ts";
import { SEED_URL, type HistoryOrder } from "./protocol.ts";
import { seedReport } from "./seed-report.ts";

/** A gateway with a past, and all its tenants. */
export interface GrownGateway {
  size: Size;
  tenants: readonly BenchTenant[];
  seedSeconds: number;
  memory(): number | null;
  end(): Promise<void>;
}

const ROOT = join(import.meta.dirname, "../..");
const GATEWAY_CONFIG = join(ROOT, "wrangler.toml");

const JOBS_AT_ONCE = 5_000;
const TENANTS_AT_ONCE = 4;
const DAYS = 90;
const DAY_MS = 86_400_000;

/** Starts a gateway as `npm start` does, with the bench's entry in its code, and writes its past by SQL. */
export async function growGateway(
  size: Size,
  env: Record<string, string>,
  progress: (text: string) => void,
): Promise<GrownGateway> {
  const started = performance.now();
  const dir = makeStateDir("disk");
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const state = openState(dir, true);
  const port = await freePort();
  const upstream = chooseUpstream(env, { port, simulatorPort: 0 });
  const variables = gatewayVariables(env, upstream, state.secrets.wavegateSecret);
  await prepareDatabases(state, GATEWAY_CONFIG, async (database) => seedOperator(state, await database("CONTROL")));
  const contents = await bundleWorker(join(import.meta.dirname, "growth-worker.ts"));
  const { miniflare, workerd } = await startRuntime(state, [
    {
      ...(await buildWorker(GATEWAY_CONFIG, variables, port)),
      modules: [{ type: "ESModule", path: "index.js", contents }],
    },
    await buildWorker(join(ROOT, "src/simulator/wrangler.toml"), {}, null),
  ]);
  const at = { gateway: `http://127.0.0.1:${port}`, operatorKey: state.secrets.operatorKey ?? "" };
  const tenants: BenchTenant[] = [];
  const make = async (): Promise<void> => {
    for (; begun < size.tenants;) {
      const number = begun++;
      if (number % 100 === 0) progress(`${nameOf(size)}: tenant ${number}`);
      const jobs = Math.floor(size.jobs / size.tenants);
      tenants.push(await BenchTenant.create(at, (tenant) => seed(miniflare, tenant, jobs, progress)));
    }
  };
  let begun = 0;
  await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, make));
  if (tenants[0]) await proveHistory(tenants[0], Math.floor(size.jobs / size.tenants));
  return {
    size,
    tenants,
    seedSeconds: (performance.now() - started) / 1_000,
    memory: () => residentMegabytes(workerd.pid),
    end: async () => {
      await miniflare.dispose();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A history that the gateway does not see would make every figure flat. */
async function proveHistory(tenant: BenchTenant, jobs: number): Promise<void> {
  const captured = (jobs - Math.ceil(jobs / RELEASED_EVERY)) * JOB_DOLLARS;
  const budget = (await tenant.balance()).budgets.find(({ id }) => id === "all");
  if (Math.abs(Number(budget?.captured) - captured) > 0.01) {
    throw new Error(`the ledger has captured ${budget?.captured} of a history of ${captured}`);
  }
  const { total } = await tenant.manage<{ total: { jobs: number } }>("GET", "/usage");
  const { data } = await tenant.manage<{ data: unknown[] }>("GET", "/jobs?limit=1");
  if (jobs > RELEASED_EVERY && (total.jobs === 0 || data.length === 0))
    throw new Error("D1 knows nothing of the history");
}

const JOB_DOLLARS = 1.3;

/** Settled jobs over the last 90 days: in the ledger, in its first tracker and in D1. */
async function seed(
  miniflare: Miniflare,
  tenant: string,
  total: number,
  progress: (text: string) => void,
): Promise<void> {
  const report = await miniflare.getD1Database("REPORT");
  const worker = await miniflare.getWorker();
  const until = Date.now() - 60_000;
  for (let first = 0; first < total; first += JOBS_AT_ONCE) {
    if (first > 0 && first % 100_000 === 0) progress(`history of ${tenant}: ${first} of ${total}`);
    const count = Math.min(JOBS_AT_ONCE, total - first);
    const order = { first, count, total, from: until - DAYS * DAY_MS, until };
    const asked: HistoryOrder = { tenant, order };
    const response = await worker.fetch(SEED_URL, { method: "POST", body: JSON.stringify(asked) });
    if (!response.ok) throw new Error(`seeding: ${response.status} ${await response.text()}`);
    await seedReport(report, tenant, order);
  }
}
