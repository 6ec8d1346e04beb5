import { showMoney } from "../../show-money.ts";
import { Badge, Empty, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { isZero, type Model } from "./model-rows.tsx";

/** Our prices beside WaveSpeed's, for each length that was compared. */
export const PriceChecks = ({ checks }: { checks: Model["price_checks"] }) =>
  checks.length === 0 ? (
    <Empty title="Not compared yet">
      <p>The gateway compares the prices of enabled models once an hour.</p>
    </Empty>
  ) : (
    <Table heads={["With", "For#", "Ours#", "WaveSpeed's#", "Difference#", "Looked", "Last the same"]}>
      {checks.map(({ source, seconds, cost, upstream, difference, checked_at, agreed_at }) => (
        <tr>
          <th scope="row">{source === "list" ? "its list" : "its quote"}</th>
          <td class="num">{seconds === 0 ? "a unit" : `${seconds} s`}</td>
          <td class="num">{showMoney(cost)}</td>
          <td class="num">{upstream === null ? "–" : showMoney(upstream)}</td>
          <td class="num">
            <Difference amount={difference} />
          </td>
          <td>
            <Time at={checked_at} />
          </td>
          <td>
            <Time at={agreed_at} />
          </td>
        </tr>
      ))}
    </Table>
  );

const Difference = ({ amount }: { amount: string | null }) => {
  if (amount === null) return <span class="muted">not told</span>;
  if (isZero(amount)) return <Badge tone="good">none</Badge>;
  return <Badge tone="bad">{amount.startsWith("-") ? showMoney(amount) : `+${showMoney(amount)}`}</Badge>;
};
