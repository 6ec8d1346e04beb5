import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { AccountSchema } from "../../../management/account-shape.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { Act } from "../../view/act.tsx";
import { Badge, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { UPSTREAM_PATH } from "./upstream-path.ts";

export type Account = z.infer<typeof AccountSchema>;

/** The accounts at WaveSpeed: whether jobs go to them, how full they are, and what waits. */
export const Accounts = ({ c, accounts }: { c: Context<ConsoleEnv>; accounts: readonly Account[] }) => (
  <Table heads={["Account", "Circuit", "Running#", "Sent in a minute#", "Waiting#", "Weight#", "Balance"]}>
    {accounts.map((account) => (
      <tr>
        <th scope="row">{account.name}</th>
        <td>
          <Circuit account={account} />
        </td>
        <td class="num">{ofLimit(account.in_use, account.concurrent_tasks)}</td>
        <td class="num">{ofLimit(account.sent_last_minute, account.videos_per_minute)}</td>
        <td class="num">
          {account.waiting}
          {account.waiting > 0 && <small class="muted"> of {tenants(account.waiting_tenants)}</small>}
        </td>
        <td class="num">{account.weight}</td>
        <td>
          <Act
            c={c}
            action={UPSTREAM_PATH}
            does="Check now"
            to={account.name}
            values={{ do: "check", account: account.name }}
          />
        </td>
      </tr>
    ))}
  </Table>
);

const Circuit = ({ account: { circuit, circuit_reason, circuit_since, blocked_until } }: { account: Account }) => (
  <>
    {circuit === "open" ? <Badge tone="bad">open: no job is sent</Badge> : <Badge tone="good">closed: jobs go</Badge>}
    {circuit === "open" && (
      <>
        <br />
        <small class="muted">
          {circuit_reason} since <Time at={circuit_since} />
        </small>
      </>
    )}
    {blocked_until !== null && (
      <>
        <br />
        <small class="muted">
          WaveSpeed asked to be left alone until <Time at={blocked_until} />
        </small>
      </>
    )}
  </>
);

/** What is counted only where there is a limit is not shown as 0 where there is none. */
const ofLimit = (count: number, limit: number | null): string => (limit === null ? "no limit" : `${count} of ${limit}`);

const tenants = (count: number): string => (count === 1 ? "1 tenant" : `${count} tenants`);
