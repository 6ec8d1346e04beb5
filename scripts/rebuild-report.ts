import { parseArgs } from "node:util";
import { z } from "zod";

/**
 * `npm run rebuild-report`: has a running gateway drop D1 REPORT and replay every ledger's journal,
 * slice by slice. A rebuild that was cut short may be begun again.
 */
const USAGE = `npm run rebuild-report -- --gateway URL --key wg_mgmt_... [--tenant ID]

  --gateway URL   a running gateway, e.g. http://localhost:8787
  --key KEY       an operator's key; default: WAVEGATE_OPERATOR_KEY of the environment
  --tenant ID     only this tenant
`;

const Slice = z.object({
  tenants: z.number(),
  replayed: z.number(),
  problems: z.array(z.string()),
  next_cursor: z.string().nullable(),
});

type Slice = z.infer<typeof Slice>;

async function rebuild(gateway: string, key: string, tenant: string | undefined): Promise<number> {
  const done = { tenants: 0, replayed: 0, problems: 0 };
  let cursor: string | null = null;
  do {
    const slice: Slice = await callRebuild(gateway, key, { ...(tenant && { tenant }), ...(cursor && { cursor }) });
    done.tenants += slice.tenants;
    done.replayed += slice.replayed;
    done.problems += slice.problems.length;
    for (const problem of slice.problems) process.stderr.write(`${problem}\n`);
    process.stdout.write(`${done.tenants} tenants, ${done.replayed} entries\n`);
    cursor = slice.next_cursor;
  } while (cursor !== null);
  return done.problems;
}

async function callRebuild(gateway: string, key: string, body: Record<string, string>): Promise<Slice> {
  const response = await fetch(new URL("/v1/report/rebuild", gateway), {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the gateway answered ${response.status}: ${text.slice(0, 500)}`);
  return Slice.parse(JSON.parse(text));
}

try {
  const { values } = parseArgs({
    options: { gateway: { type: "string" }, key: { type: "string" }, tenant: { type: "string" } },
  });
  const key = values.key ?? process.env["WAVEGATE_OPERATOR_KEY"];
  if (!values.gateway || !key) throw new Error(`--gateway and --key are needed\n\n${USAGE}`);
  const problems = await rebuild(values.gateway, key, values.tenant);
  if (problems > 0) throw new Error(`${problems} tenants were not rebuilt`);
} catch (error) {
  process.stderr.write(`wavegate rebuild-report: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
