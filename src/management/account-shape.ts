import { z } from "@hono/zod-openapi";
import type { AccountSettings } from "../accounts/account-settings.ts";
import type { AccountStatus } from "../accounts/types.ts";
import { formatMicros } from "../money/index.ts";
import { InstantOut, toInstant, toInstantOrNull } from "./fields.ts";

const limit = z.number().int().nullable().openapi({ description: "null: no limit of ours, so no queue" });

export const AccountSchema = z
  .object({
    name: z.string(),
    weight: z.number().int(),
    concurrent_tasks: limit,
    videos_per_minute: limit,
    in_use: z.number().int().openapi({ description: "Permits that are out: tasks that run, or may" }),
    sent_last_minute: z.number().int(),
    waiting: z.number().int(),
    waiting_tenants: z.number().int(),
    blocked_until: InstantOut.nullable().openapi({ description: "Until when WaveSpeed asked to be left alone" }),
    circuit: z.enum(["closed", "open"]).openapi({ description: "open: no job is sent to it" }),
    circuit_reason: z.string().nullable(),
    circuit_since: InstantOut.nullable(),
    balance: z.string().nullable().openapi({
      description:
        "USD, as WaveSpeed said it last; null: not read yet. Who looks has it read where it is over 5 minutes old",
    }),
    balance_at: InstantOut.nullable(),
    posts: z.number().int().openapi({ description: "Jobs sent since `posts_since`: an hour at most" }),
    posts_failed: z.number().int().openapi({
      description: "Of those, the ones that the account refused (key, funds, state) or whose outcome was lost",
    }),
    posts_since: InstantOut,
  })
  .openapi("Account");

/** What is counted only where there is a limit is 0 where there is none. */
export const toAccount = (settings: AccountSettings, status: AccountStatus): z.infer<typeof AccountSchema> => ({
  name: settings.name,
  weight: settings.weight,
  concurrent_tasks: settings.concurrentTasks,
  videos_per_minute: settings.videosPerMinute,
  in_use: status.inUse,
  sent_last_minute: status.sentLastMinute,
  waiting: status.waiting,
  waiting_tenants: status.waitingTenants,
  blocked_until: toInstantOrNull(status.blockedUntil),
  circuit: status.circuit.state,
  circuit_reason: status.circuit.reason === "" ? null : status.circuit.reason,
  circuit_since: toInstantOrNull(status.circuit.since),
  balance: status.health.balanceUsd === null ? null : formatMicros(Math.round(status.health.balanceUsd * 1e6)),
  balance_at: toInstantOrNull(status.health.balanceAt),
  posts: status.health.posts,
  posts_failed: status.health.postsFailed,
  posts_since: toInstant(status.health.since),
});
