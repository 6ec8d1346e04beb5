import { type Context, Hono } from "hono";
import type { SimulatorApp } from "./app-env.ts";
import { byteRange } from "./byte-range.ts";
import { failure } from "./envelope.ts";
import { fileName, mediaOf } from "./output.ts";
import type { SimulatedAccount } from "./simulated-account.ts";
import { storeUpload, streamUpload } from "./stored-upload.ts";

const ACCOUNT = "[0-9a-f]{32}";
const PROBLEMS = { missing: 404, expired: 403, already_there: 412 } as const;

/** What WaveSpeed serves from storage and CDN hosts: no key, the address is the permission. */
export const mediaRoutes = new Hono<SimulatorApp>()
  .get(`/uploads/:account{${ACCOUNT}}/:id/:filename`, readUpload)
  .put(`/uploads/:account{${ACCOUNT}}/:id/:filename`, takeUpload)
  .get(`/:account{${ACCOUNT}}/:file{[0-9a-f]{32}\\.(?:mp4|png)}`, readOutput);

async function readOutput(c: Context<SimulatorApp>): Promise<Response> {
  const snapshot = await objectOf(c).peek((c.req.param("file") ?? "").slice(0, -".mp4".length));
  if (snapshot === null) return failure(404, "Not found");
  const { task, now } = snapshot;
  if (task.media_status !== 0) return failure(task.media_status, "The output has expired");
  const isThere = now >= task.ends_at && task.end_status === "completed" && c.req.param("file") === fileName(task);
  return isThere ? ranged(c.req.header("range"), mediaOf(task)) : failure(404, "Not found");
}

function ranged(header: string | undefined, { bytes, type }: ReturnType<typeof mediaOf>): Response {
  const base = { "content-type": type, "accept-ranges": "bytes" };
  const range = byteRange(header, bytes.length);
  if (range === null) return new Response(bytes, { headers: { ...base, "content-length": String(bytes.length) } });
  if (range === "unsatisfiable") {
    return new Response(null, {
      status: 416,
      headers: { ...base, "content-range": `bytes */${bytes.length}` },
    });
  }
  const part = bytes.slice(range.first, range.last + 1);
  return new Response(part, {
    status: 206,
    headers: {
      ...base,
      "content-length": String(part.length),
      "content-range": `bytes ${range.first}-${range.last}/${bytes.length}`,
    },
  });
}

async function readUpload(c: Context<SimulatorApp>): Promise<Response> {
  const upload = await objectOf(c).findUpload(c.req.param("id") ?? "");
  if (upload === null) return failure(404, "Not found");
  const stream = streamUpload(objectOf(c), upload.id).pipeThrough(new FixedLengthStream(upload.size));
  return new Response(stream, {
    headers: { "content-type": upload.content_type, "content-length": String(upload.size) },
  });
}

async function takeUpload(c: Context<SimulatorApp>): Promise<Response> {
  const stub = objectOf(c);
  const upload = await stub.awaitedUpload(c.req.param("id") ?? "");
  if (typeof upload === "string")
    return failure(PROBLEMS[upload], `The upload's address is ${upload.replace("_", " ")}`);
  // A signed address holds for the headers it was signed with.
  if (c.req.header("content-type") !== upload.content_type) {
    return failure(403, `Content-Type must be ${upload.content_type}`);
  }
  const stored = await storeUpload(stub, upload, c.req.raw.body);
  return stored ? new Response(null, { status: 200 }) : failure(400, `The body must have ${upload.size} bytes`);
}

const objectOf = (c: Context<SimulatorApp>): DurableObjectStub<SimulatedAccount> =>
  c.env.SIMULATED_ACCOUNT.getByName(c.req.param("account") ?? "");
