import { Badge } from "../../view/parts.tsx";
import type { Account } from "../gateway.tsx";

/** Whether WaveSpeed takes what it is sent, in short. */
export const Accounts = ({ accounts }: { accounts: readonly Account[] }) => (
  <article>
    <h2>WaveSpeed accounts</h2>
    <div class="scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">State</th>
            <th scope="col" class="num">
              Running
            </th>
            <th scope="col" class="num">
              Waiting
            </th>
            <th scope="col" class="num">
              Sent last minute
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr>
              <th scope="row">{account.name}</th>
              <td>
                <State account={account} />
              </td>
              <td class="num">{ofLimit(account.in_use, account.concurrent_tasks)}</td>
              <td class="num">{account.waiting}</td>
              <td class="num">{ofLimit(account.sent_last_minute, account.videos_per_minute)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <p>
      <a href="/console/upstream">Upstream in full</a>
    </p>
  </article>
);

const State = ({ account: { circuit, circuit_reason, blocked_until } }: { account: Account }) => {
  if (circuit === "open") return <Badge tone="bad">Stopped: {circuit_reason ?? "it failed too often"}</Badge>;
  if (blocked_until !== null) return <Badge tone="warn">Asked to be left alone</Badge>;
  return <Badge tone="good">Well</Badge>;
};

const ofLimit = (count: number, limit: number | null): string =>
  limit === null ? "not counted" : `${count} of ${limit}`;
