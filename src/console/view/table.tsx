import type { Child } from "hono/jsx";

/** A quiet table with its headings. A heading that ends in "#" is of numbers. */
export const Table = ({ heads, children }: { heads: readonly string[]; children?: Child }) => (
  <div class="scroll" tabindex={0}>
    <table>
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
    </table>
  </div>
);
