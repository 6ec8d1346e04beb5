import { showMoney } from "../../show-money.ts";
import { Time } from "../../view/parts.tsx";
import type { Statement } from "./sums-table.tsx";

type Account = NonNullable<Statement["credit"]>;

/** What the credit began the month with, what moved it, and what it ended with. */
export const CreditAccount = ({ of, isClosed }: { of: Account; isClosed: boolean }) => (
  <article>
    <div class="scroll" tabindex={0}>
      <table class="account">
        <caption>Credit</caption>
        <tbody>
          <Line label="Opening balance" amount={of.opening} />
          {of.top_ups === null || of.adjustments === null ? (
            <Line label="Top-ups and adjustments" amount={of.moved} />
          ) : (
            <>
              <Line label="Top-ups" amount={of.top_ups} />
              <Line label="Adjustments" amount={of.adjustments} />
            </>
          )}
          <Line label="Jobs charged to it" amount={negative(of.captured)} />
        </tbody>
        <tfoot>
          <Line label={isClosed ? "Closing balance" : "Balance so far"} amount={of.closing} />
        </tfoot>
      </table>
    </div>
  </article>
);

const Line = ({ label, amount }: { label: string; amount: string }) => (
  <tr>
    <th scope="row">{label}</th>
    <td class="num">{showMoney(amount)}</td>
  </tr>
);

const negative = (amount: string): string => (/^0+\.0+$/.test(amount) ? amount : `-${amount}`);

export const CreditMovements = ({ of }: { of: Statement["movements"] }) => (
  <article>
    <div class="scroll" tabindex={0}>
      <table>
        <caption>Top-ups and adjustments</caption>
        <thead>
          <tr>
            <th scope="col">When (UTC)</th>
            <th scope="col">What</th>
            <th scope="col">Reason</th>
            <th scope="col" class="num">
              Amount
            </th>
            <th scope="col" class="num">
              Balance after it
            </th>
          </tr>
        </thead>
        <tbody>
          {of.data.map(({ at, cause, reason, amount, balance }) => (
            <tr>
              <td>
                <Time at={at} />
              </td>
              <td>{cause === "top_up" ? "Top-up" : "Adjustment"}</td>
              <td>{reason}</td>
              <td class="num">{showMoney(amount)}</td>
              <td class="num">{showMoney(balance)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colspan={3}>
              Sum
            </th>
            <td class="num">{showMoney(of.sum)}</td>
            <td></td>
          </tr>
        </tfoot>
      </table>
    </div>
    {of.more && <p class="muted">There were more than are listed.</p>}
  </article>
);
