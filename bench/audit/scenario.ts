import { writeFileSync } from "node:fs";
import { conditionsNow } from "../conditions.ts";
import type { Scenario } from "../scenario.ts";
import { startAuditWorker, type AskLedger } from "./audit-workers.ts";
import { AUDIT_USAGE, parseAuditOptions, type AuditOptions } from "./options.ts";
import type { AuditResult } from "./protocol.ts";

const HOLDS_A_CALL = 5_000;
const TAGS_A_CALL = 250_000;

/** How long one call of an audit keeps a ledger from admitting, and whether it finds one changed row among all. */
export const auditScenario: Scenario = { usage: AUDIT_USAGE, run };

async function run(argv: readonly string[]): Promise<void> {
  const options = parseAuditOptions(argv);
  const conditions = conditionsNow("audit", argv);
  const { ask, end } = await startAuditWorker();
  try {
    const audits = await measureAll(ask, options);
    if (options.json !== null)
      writeFileSync(options.json, `${JSON.stringify({ conditions, options, audits }, null, 2)}\n`);
    process.stdout.write(`audit bench, ${conditions.date}: ${conditions.command}\ncommit ${conditions.commit}, `);
    process.stdout.write(`node ${conditions.node}, workerd ${conditions.workerd}, ${conditions.cpus} cpus, `);
    process.stdout.write(`load ${conditions.loadBefore.toFixed(2)} before; an admission between any two calls\n\n`);
    for (const { name, result } of audits) process.stdout.write(`${lineOf(name, result)}\n`);
  } finally {
    await end();
  }
}

interface Audit {
  name: string;
  result: AuditResult;
}

async function measureAll(ask: AskLedger, { holds, tagRows }: AuditOptions): Promise<Audit[]> {
  const audits: Audit[] = [];
  const audit = async (tenant: string, name: string): Promise<void> => {
    audits.push({ name, result: (await ask({ tenant, op: "audit" })) as AuditResult });
    process.stderr.write(`bench: ${lineOf(name, audits.at(-1)?.result)}\n`);
  };
  const seed = async (tenant: string): Promise<void> => {
    await ask({ tenant, op: "provision" });
    for (let made = 0; made < holds; made += HOLDS_A_CALL) {
      await ask({ tenant, op: "hold", count: Math.min(HOLDS_A_CALL, holds - made) });
    }
  };
  const tamper = async (tenant: string, statement: string): Promise<void> => {
    if ((await ask({ tenant, op: "sql", statement })) === 0) throw new Error(`nothing was changed: ${statement}`);
  };

  await seed("open");
  await audit("open", `${holds} open holds, no checkpoint`);
  await audit("open", "the same, again");
  const late =
    "(SELECT job_id FROM open_holds ORDER BY job_id LIMIT 1 OFFSET (SELECT COUNT(*) * 9 / 10 FROM open_holds))";
  await tamper("open", `UPDATE open_holds SET price_micros = price_micros + 1 WHERE job_id = ${late}`);
  await audit("open", "one of these holds changed");

  await seed("tags");
  for (let made = 0; made < tagRows; made += TAGS_A_CALL) {
    await ask({ tenant: "tags", op: "tags", first: made, count: Math.min(TAGS_A_CALL, tagRows - made) });
  }
  await ask({ tenant: "tags", op: "sign" });
  await audit("tags", `${tagRows} rows of tag_spend and ${holds} open holds at a checkpoint`);
  const value = String(Math.floor(tagRows * 0.9)).padStart(9, "0");
  const added = "captured_micros = captured_micros + 1, checkpoint_micros = checkpoint_micros + 1";
  await tamper("tags", `UPDATE tag_spend SET ${added} WHERE mode = 'live' AND name = 'shot' AND value = '${value}'`);
  await audit("tags", "one of these rows changed");
  return audits;
}

const lineOf = (name: string, result: AuditResult | undefined): string =>
  result === undefined
    ? name
    : `${name}: ${result.report.consistent ? "consistent" : `NOT consistent (${result.report.differences.join("; ")})`}, ` +
      `${result.steps} calls in ${result.seconds.toFixed(1)} s; a call ${result.medianStepMs.toFixed(0)} ms, ` +
      `the longest ${result.longestStepMs.toFixed(0)} ms; the longest admission ${result.longestAdmissionMs.toFixed(0)} ms`;
