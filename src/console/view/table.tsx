import type { Child } from "hono/jsx";

interface TableProps {
  /** One that ends in "#" is of numbers. */
  heads: readonly string[];
  caption?: string;
  /** Rows of sums, below a line. */
  foot?: Child;
  /** One of several below each other whose columns stand in line. */
  sums?: boolean;
  children?: Child;
}

/** A quiet table with its headings. It scrolls by itself where the screen is narrow. */
export const Table = ({ heads, caption, foot, sums = false, children }: TableProps) => (
  <div class="scroll" tabindex={0}>
    <table {...(sums && { class: "sums" })}>
      {caption && <caption>{caption}</caption>}
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col" {...(head.endsWith("#") && { class: "num" })}>
              {head.replace(/#$/, "")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
      {foot !== undefined && <tfoot>{foot}</tfoot>}
    </table>
  </div>
);
