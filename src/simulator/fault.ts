import { z } from "zod";
import { timeSpan } from "./time-span.ts";

/** Prompts carry text and bare words, the control endpoint JSON: both spellings of a value are read. */
const flag = z.union([
  z.boolean(),
  z.enum(["true", "false"], "must be true or false, or a bare word").transform((text) => text === "true"),
]);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const moment = z.enum(["before", "after"], "must be before or after (the task is created)");
const text = z.coerce.string().max(200);

const replyShape = {
  /** Answer this HTTP status instead; `code` and `message` go in the envelope, `bare` leaves it out. */
  http: whole(400, 599).optional(),
  code: whole(0, 9999).optional(),
  message: text.optional(),
  bare: flag.optional(),
  /** Seconds, sent as Retry-After. */
  retry_after: whole(0, 86_400).optional(),
  /** The connection ends without a usable answer. */
  drop: moment.optional(),
  /** A 200 whose body ends halfway. */
  cut: moment.optional(),
  /** The answer waits. On a submit, before the task exists. */
  slow: timeSpan.optional(),
  /** A 200 whose body is not JSON. */
  malformed: flag.optional(),
  /** A 200 whose prediction has this status word, whatever the task's own. */
  status: z
    .string()
    .regex(/^[a-z_]{1,40}$/, "must be 1 to 40 small letters")
    .optional(),
};

/** What may go wrong with one answer. */
export const replyFaultSchema = z.strictObject(replyShape);
export type ReplyFault = z.infer<typeof replyFaultSchema>;

/** What may go wrong with a task's webhook. */
export const webhookFaultSchema = z.strictObject({
  send: z.enum(["none", "forged"], "must be none or forged").optional(),
  copies: whole(1, 20).optional(),
  late: timeSpan.optional(),
});
export type WebhookFault = z.infer<typeof webhookFaultSchema>;

const taskCode = z.union([z.literal([true, "true"]).transform(() => 1405), whole(1, 9999)]);

/** Everything a submit can script: its own answer, the task's course, its polls and its webhook. */
export const submitFaultSchema = z.strictObject({
  ...replyShape,
  /** With `http`: the task exists all the same. */
  created: flag.optional(),
  /** Short for `http=400` with this task code. */
  refuse: taskCode.optional(),
  slow_after: timeSpan.optional(),
  no_id: flag.optional(),
  /** The faults of this answer strike only the first n submits of the same prompt. */
  times: whole(1, 10_000).optional(),
  /** The task fails with this code, 1405 when bare. */
  fail: taskCode.optional(),
  fail_message: text.optional(),
  moderated: flag.optional(),
  nsfw: flag.optional(),
  delay: timeSpan.optional(),
  end: z.enum(["cancelled", "timeout", "deleted"], "must be cancelled, timeout or deleted").optional(),
  /** The task ends in this status word and stays there. */
  end_status: z
    .string()
    .regex(/^[a-z_]{1,40}$/, "must be 1 to 40 small letters")
    .optional(),
  vanish: flag.optional(),
  /** The output's URL answers this status from the start. */
  expired: z.union([z.literal([true, "true"]).transform(() => 404), whole(400, 499)]).optional(),
  refund: flag.optional(),
  sync_limit: timeSpan.optional(),
  poll: z.strictObject({ ...replyShape, times: whole(1, 10_000).optional() }).optional(),
  webhook: webhookFaultSchema.optional(),
});
export type SubmitFault = z.infer<typeof submitFaultSchema>;
