import type { Child } from "hono/jsx";

interface TableProps {
  /** One that ends in "#" is of numbers. */
  heads: readonly string[];
  caption?: string;
  /** Rows of sums, below a line. */
  foot?: Child;
  children?: Child;
}

/** A quiet table with its headings. It scrolls by itself where the screen is narrow. */
export const Table = ({ heads, caption, foot, children }: TableProps) => (
  <div class="scroll" tabindex={0}>
    <table>
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
