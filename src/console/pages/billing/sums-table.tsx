import type { z } from "zod";
import type { StatementSchema } from "../../../management/statement-shape.ts";
import { showMoney } from "../../show-money.ts";
import { Table } from "../../view/table.tsx";

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
  const heads = [of, "Jobs#", "Seconds#", "Price#", ...(isTold ? ["Cost#", "Margin#"] : [])];
  return (
    <Table sums caption={caption} heads={heads} foot={<Row label="Total" sum={total} isTold={isTold} />}>
      {lines.map((line) => (
        <Row label={line.label} sum={line} isTold={isTold} />
      ))}
    </Table>
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
