import type { Context } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { Page } from "./page.tsx";
import { Secret } from "./parts.tsx";

/** A sign-in link, which is shown this once. */
export const ShownLink = (props: {
  c: Context<ConsoleEnv>;
  title: string;
  lead: string;
  url: string;
  back: string;
}) => (
  <Page c={props.c} title={props.title} lead={props.lead}>
    <article>
      <Secret id="link" label="The link, shown this once" value={props.url} />
      <p class="muted">Give it to nobody else: whoever opens it first is let in.</p>
    </article>
    <p>
      <a href={props.back}>I have copied it: back</a>
    </p>
  </Page>
);
