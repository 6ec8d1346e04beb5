import { showMoney } from "../../show-money.ts";
import { Badge, Notice, Time } from "../../view/parts.tsx";
import { BudgetMeter } from "./budget-card.tsx";
import type { Budget } from "./budget-form.tsx";
import type { Replay } from "./replay.tsx";

export type Previewed = Budget & {
  would_fit: { model: string; seconds: number; price: string; jobs: number }[];
  replay: Replay | null;
};

/** What a budget would leave and refuse, before it is saved. */
export const Preview = ({ of }: { of: Previewed }) => (
  <article>
    <h2>What it would refuse</h2>
    {of.over_by !== undefined && (
      <Notice tone="bad">
        <p>
          {showMoney(of.over_by)} more than this limit is used already: every job would be refused
          {of.window_end === null ? "." : " until "}
          {of.window_end !== null && (
            <>
              <Time at={of.window_end} /> UTC.
            </>
          )}
        </p>
      </Notice>
    )}
    <BudgetMeter of={of} />
    <p>
      {showMoney(of.remaining)} would be left. What runs is settled all the same. Other budgets, and credit, may refuse
      sooner.
    </p>
    {of.would_fit.length > 0 && (
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="num">
                A usual job
              </th>
              <th scope="col" class="num">
                Jobs that fit
              </th>
              <th scope="col">Next one</th>
            </tr>
          </thead>
          <tbody>
            {of.would_fit.map(({ model, seconds, price, jobs }) => (
              <tr>
                <th scope="row">{model}</th>
                <td class="num">
                  {showMoney(price)}
                  {seconds > 0 && ` for ${seconds} s`}
                </td>
                <td class="num">{jobs}</td>
                <td>{jobs > 0 ? <Badge tone="good">admitted</Badge> : <Badge tone="bad">refused</Badge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </article>
);
