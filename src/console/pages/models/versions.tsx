import type { z } from "@hono/zod-openapi";
import type { RateSchema } from "../../../management/rate-shape.ts";
import { showMoney } from "../../show-money.ts";
import { Badge, Empty, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";

type Rate = z.infer<typeof RateSchema>;

/** A model's prices as the API lists them. */
export interface RateCard {
  current: Rate | null;
  scheduled: Rate[];
  past: Rate[];
}

/** Every version of a price, the newest first. */
export const Versions = ({ card }: { card: RateCard | null }) => {
  if (card === null) {
    return (
      <Empty title="No price of ours yet">
        <p>Enabling the model takes over the price of WaveSpeed's list; or set one below.</p>
      </Empty>
    );
  }
  const rows = [
    ...card.scheduled.map((rate) => ({ rate, state: "waits" as const })),
    ...(card.current ? [{ rate: card.current, state: "in force" as const }] : []),
    ...card.past.map((rate) => ({ rate, state: "past" as const })),
  ].sort((a, b) => b.rate.version - a.rate.version);
  return (
    <Table heads={["Version#", "Price#", "State", "From", "Seen in a bill", "Where it is from"]}>
      {rows.map(({ rate, state }) => (
        <tr>
          <th scope="row" class="num">
            {rate.version}
          </th>
          <td class="num">
            {showMoney(rate.unit_price)} a {rate.unit}
          </td>
          <td>
            <Badge tone={TONES[state]}>{state}</Badge>
          </td>
          <td>{rate.version === 1 ? <span class="muted">always</span> : <Time at={rate.effective_from} />}</td>
          <td>{rate.confirmed ? "yes" : "not yet"}</td>
          <td>{rate.source}</td>
        </tr>
      ))}
    </Table>
  );
};

const TONES = { waits: "warn", "in force": "good", past: "plain" } as const;
