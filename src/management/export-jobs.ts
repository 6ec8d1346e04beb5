import { createRoute, z } from "@hono/zod-openapi";
import { csvLine } from "../export/csv-cell.ts";
import { streamText } from "../export/stream-text.ts";
import { localDay } from "../ledger/windows.ts";
import { formatMicros } from "../money/index.ts";
import { capturedJobs, lastEntryBefore, type CapturedJob } from "../reporting/index.ts";
import { seeAccess } from "./access.ts";
import { dayOf } from "./day-of.ts";
import { ModeField, TenantParams, toInstant } from "./fields.ts";
import { isComplete } from "./is-complete.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, problemResponse, refuse } from "./problem.ts";
import { isOperator, teamOf } from "./services.ts";

const Day = z.iso.date("must be a calendar day, YYYY-MM-DD");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/export",
  summary: "Export each job that was charged in a period, as CSV or NDJSON",
  description:
    "By the tenant's local days of capture, both included, in the order of the journal; their prices add up to what the ledger " +
    "captured in it. x-wavegate-complete says whether everything of the period is in it already. It is sent as it is read: if " +
    "something fails on the way the connection breaks off, so a file that came whole is whole. A member gets the own team's.",
  tags: ["billing"],
  ...seeAccess,
  request: {
    params: TenantParams,
    query: z.strictObject({
      from: Day,
      to: Day,
      format: z.enum(["csv", "ndjson"]).default("csv"),
      mode: ModeField.default("live"),
    }),
  },
  responses: {
    200: {
      description: "The jobs",
      content: { "text/csv": { schema: z.string() }, "application/x-ndjson": { schema: z.string() } },
    },
    default: problemResponse,
  },
});

const TYPES = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

export const exportJobs = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { report, now, ...services } = c.get("services");
    const { from, to, format, mode } = c.req.valid("query");
    if (to < from) return refuse(c, invalidFields([{ field: "to", rule: "must not be before from", value: to }]));
    const known = await knownTenant({ ...services, report, now }, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { tenant, ledger } = known.value;
    const start = dayOf(from, tenant.timeZone).start;
    const until = dayOf(to, tenant.timeZone).end;
    const isWhole = await isComplete(report, ledger, { tenant: tenant.id, until, now: now() });
    const principal = c.get("principal");
    const span = { tenant: tenant.id, mode, team: teamOf(principal), until };
    const lines = linesOf(
      report,
      { ...span, start },
      { format, timeZone: tenant.timeZone, isTold: isOperator(principal) },
    );
    const headers = {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="jobs-${tenant.id}-${from}-${to}.${format}"`,
      "x-wavegate-complete": String(isWhole),
      "cache-control": "no-store",
    };
    return c.body(streamText(lines), 200, headers);
  });
};

interface Shown {
  format: "csv" | "ndjson";
  timeZone: string;
  /** Cost, too. */
  isTold: boolean;
}

type Span = Omit<Parameters<typeof capturedJobs>[1], "afterSeq"> & { start: number };

async function* linesOf(report: D1Database, { start, ...span }: Span, shown: Shown): AsyncGenerator<string> {
  if (shown.format === "csv") yield csvLine(COLUMNS.filter((name) => shown.isTold || name !== "cost"));
  let afterSeq: number | null = await lastEntryBefore(report, span.tenant, start);
  while (afterSeq !== null) {
    const page: Awaited<ReturnType<typeof capturedJobs>> = await capturedJobs(report, { ...span, afterSeq });
    if (page.jobs.length > 0) yield page.jobs.map((job) => lineOf(job, shown)).join("");
    afterSeq = page.next;
  }
}

const COLUMNS = ["id", "captured_at", "local_day", "model", "team", "key", "mode", "seconds", "price", "cost", "tags"];

function lineOf(job: CapturedJob, { format, timeZone, isTold }: Shown): string {
  const line = {
    id: job.id,
    captured_at: toInstant(job.capturedAt),
    local_day: localDay(job.capturedAt, timeZone),
    model: job.model,
    team: job.team,
    key: job.key,
    mode: job.mode,
    seconds: job.seconds,
    price: formatMicros(job.priceMicros),
    ...(isTold && { cost: formatMicros(job.costMicros) }),
  };
  if (format === "csv") return csvLine([...Object.values(line), job.tags]);
  return `${JSON.stringify({ ...line, tags: JSON.parse(job.tags) as unknown })}\n`;
}
