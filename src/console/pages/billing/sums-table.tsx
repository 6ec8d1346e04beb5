import type { z } from "zod";
import type { StatementSchema } from "../../../management/statement-shape.ts";
import { showMoney } from "../../show-money.ts";

export type Statement = z.infer<typeof StatementSchema>;

type Sum = Statement["total"];

interface SumsProps {
  caption: string;
  /** What the lines are of: "Model". */
  of: string;
  lines: readonly (Sum & { label: string })[];
  total: Sum;
}

/** Lines of a statement with their total below. Cost and margin are shown to whoever is told them. */
export const SumsTable = ({ caption, of, lines, total }: SumsProps) => {
  const isTold = total.cost !== undefined;
  return (
    <div class="scroll" tabindex={0}>
      <table class="sums">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            <th scope="col" class="num">
              Jobs
            </th>
            <th scope="col" class="num">
              Seconds
            </th>
            <th scope="col" class="num">
              Price
            </th>
            {isTold && (
              <>
                <th scope="col" class="num">
                  Cost
                </th>
                <th scope="col" class="num">
                  Margin
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row label={line.label} sum={line} isTold={isTold} />
          ))}
        </tbody>
        <tfoot>
          <Row label="Total" sum={total} isTold={isTold} />
        </tfoot>
      </table>
    </div>
  );
};

const Row = ({ label, sum, isTold }: { label: string; sum: Sum; isTold: boolean }) => (
  <tr>
    <th scope="row">{label}</th>
    <td class="num">{sum.jobs}</td>
    <td class="num">{sum.seconds}</td>
    <td class="num">{showMoney(sum.price)}</td>
    {isTold && (
      <>
        <td class="num">{showMoney(sum.cost ?? "0")}</td>
        <td class="num">{showMoney(sum.margin ?? "0")}</td>
      </>
    )}
  </tr>
);
