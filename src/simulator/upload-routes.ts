import { Hono } from "hono";
import { z } from "zod";
import type { SimulatorApp } from "./app-env.ts";
import { checkedBody } from "./checked-body.ts";
import { failure, success } from "./envelope.ts";
import { faultable } from "./faultable.ts";
import { publicBaseOf } from "./public-base.ts";
import { storeUpload } from "./stored-upload.ts";
import { TICKET_MS, type Upload, UPLOAD_BYTES_MAX } from "./upload-store.ts";

const ticketOrder = z.object({
  filename: z.string().min(1).max(200),
  size: z.number().int().min(1),
  content_type: z.string().max(200).optional(),
});

/** The two-step ticket, and the older multipart form. */
export const uploadRoutes = new Hono<SimulatorApp>()
  .post("/media/uploads", faultable("upload", "uploads"), async (c) => {
    const body = await checkedBody(c.req.raw, ticketOrder);
    if (!body.ok) return body.error;
    const { size } = body.value;
    if (size > UPLOAD_BYTES_MAX) return failure(413, `size: must be at most ${UPLOAD_BYTES_MAX} bytes, was ${size}`);
    const upload = uploadOf(body.value.filename, body.value.size, body.value.content_type);
    const opened = await c.get("stub").openUpload(upload);
    if (opened === null) return failure(429, "Upload quota exceeded");
    const url = urlOf(publicBaseOf(c.req.raw), c.get("account"), upload);
    return success({
      ...describe(upload, url),
      upload: {
        method: "PUT",
        url: `${url}?ticket=1`,
        headers: { "Content-Type": upload.content_type, "If-None-Match": "*" },
        expires_at: new Date(opened + TICKET_MS).toISOString(),
      },
    });
  })
  .post("/media/upload/binary", faultable("upload", "uploads"), async (c) => {
    const { file } = await c.req.parseBody();
    if (!(file instanceof File)) return failure(400, 'field "file" must be a file', 1400);
    if (file.size > UPLOAD_BYTES_MAX) return failure(413, `file must be at most ${UPLOAD_BYTES_MAX} bytes`);
    const upload = uploadOf(file.name || "file", file.size, file.type || undefined);
    if ((await c.get("stub").openUpload(upload)) === null) return failure(429, "Upload quota exceeded");
    await storeUpload(c.get("stub"), { ...upload, created_at: 0, complete: 0 }, file.stream());
    return success(describe(upload, urlOf(publicBaseOf(c.req.raw), c.get("account"), upload)));
  });

type NewUpload = Pick<Upload, "id" | "filename" | "content_type" | "size">;

const uploadOf = (filename: string, size: number, type = "application/octet-stream"): NewUpload => ({
  id: crypto.randomUUID().replaceAll("-", ""),
  filename,
  content_type: type,
  size,
});

const urlOf = (base: string, account: string, upload: NewUpload): string =>
  `${base}/media/uploads/${account}/${upload.id}/${encodeURIComponent(upload.filename)}`;

const describe = (upload: NewUpload, url: string): Record<string, unknown> => ({
  type: upload.content_type.split("/", 1)[0],
  download_url: url,
  filename: upload.filename,
  size: upload.size,
});
