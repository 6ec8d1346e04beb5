import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SimulatorApp } from "./app-env.ts";
import type { Result } from "../errors/result.ts";
import { checked, checkedBody } from "./checked-body.ts";
import { failure, success } from "./envelope.ts";
import { faultable } from "./faultable.ts";
import { instant } from "./instant.ts";
import { outputOf } from "./output.ts";
import { predictionOf, withInput } from "./prediction.ts";
import { publicBaseOf } from "./public-base.ts";
import { strike } from "./reply-fault.ts";

const IDS_MAX = 100;

const listQuery = z.object({
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(100),
  model: z.string().optional(),
  status: z.string().optional(),
  created_after: instant.optional(),
  created_before: instant.optional(),
  include_inputs: z.union([z.boolean(), z.stringbool()]).default(false),
});

const deletion = z.object({ ids: z.array(z.string()).min(1).max(IDS_MAX) });

/** Reading, listing and deleting tasks. */
export const predictionRoutes = new Hono<SimulatorApp>()
  .get("/predictions/:id", readResult)
  .get("/predictions/:id/result", readResult)
  .get("/predictions", faultable("list", "lists"), (c) => listed(c, checked(c.req.query(), listQuery)))
  .post("/predictions", faultable("list", "lists"), async (c) => listed(c, await checkedBody(c.req.raw, listQuery)))
  .delete("/predictions/:id", faultable("delete", "deletes"), async (c) => {
    const id = c.req.param("id");
    if ((await c.get("stub").remove([id])) === 0) return failure(404, "Prediction not found");
    return success({ id, status: "deleted" });
  })
  .post("/predictions/delete", faultable("delete", "deletes"), async (c) => {
    const body = await checkedBody(c.req.raw, deletion);
    if (!body.ok) return body.error;
    return success({ deleted_count: await c.get("stub").remove(body.value.ids) });
  });

async function readResult(c: Context<SimulatorApp>): Promise<Response> {
  const { snapshot, fault } = await c.get("stub").poll(c.req.param("id") ?? "");
  if (fault?.slow !== undefined) await scheduler.wait(fault.slow);
  return strike(fault, c.req.raw, async () => {
    if (snapshot === null) return failure(404, "Prediction not found");
    const prediction = withInput(
      predictionOf(snapshot, publicBaseOf(c.req.raw), outputOf(snapshot.task)),
      snapshot.task,
    );
    if (fault?.status === undefined) return success(prediction);
    return success({ ...prediction, status: fault.status, outputs: [] });
  });
}

type ListQuery = z.infer<typeof listQuery>;

async function listed(c: Context<SimulatorApp>, body: Result<ListQuery, Response>): Promise<Response> {
  if (!body.ok) return body.error;
  const query = body.value;
  const { tasks, total, now } = await c.get("stub").list({
    page: query.page,
    pageSize: query.page_size,
    model: query.model,
    status: query.status,
    after: query.created_after,
    before: query.created_before,
  });
  const base = publicBaseOf(c.req.raw);
  const items = tasks.map((task) => {
    const prediction = predictionOf({ task, now }, base);
    return query.include_inputs ? withInput(prediction, task) : prediction;
  });
  return success({ page: query.page, total, has_more: query.page * query.page_size < total, items });
}
