import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { AccountSchema } from "../../../management/account-shape.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { showMoney } from "../../show-money.ts";
import { Act } from "../../view/act.tsx";
import { Badge, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { UPSTREAM_PATH } from "./upstream-path.ts";

export type Account = z.infer<typeof AccountSchema>;

/** The accounts at WaveSpeed: whether jobs go to them, how full they are, and what waits. */
export const Accounts = ({ c, accounts }: { c: Context<ConsoleEnv>; accounts: readonly Account[] }) => (
  <Table
    heads={[
      "Account",
      "Circuit",
      "Running#",
      "Sent in a minute#",
      "Waiting#",
      "Weight#",
      "Errors#",
      "Balance#",
      "Look",
    ]}
  >
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
        <td class="num">
          {account.posts === 0 ? "–" : `${account.posts_failed} of ${account.posts}`}
          <br />
          <small class="muted">{account.posts === 0 ? "nothing was sent" : errorRate(account)}</small>
        </td>
        <td class="num">
          {account.balance === null ? "not read yet" : showMoney(account.balance)}
          {account.balance_at !== null && (
            <>
              <br />
              <small class="muted">
                <Time at={account.balance_at} /> UTC
              </small>
            </>
          )}
        </td>
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

/** Of at most an hour. */
const errorRate = ({ posts, posts_failed }: Account): string => `${((100 * posts_failed) / posts).toFixed(1)} % failed`;

const tenants = (count: number): string => (count === 1 ? "1 tenant" : `${count} tenants`);
