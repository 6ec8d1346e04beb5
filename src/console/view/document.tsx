import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { assetPath } from "../assets.ts";

export type Theme = "light" | "dark" | null;

/**
 * The whole HTML document; without its first line browsers would lay it out as pages of the nineties.
 * `scripts`: names of files of `client/`, without their ending.
 */
export const Document = (props: { title: string; theme: Theme; scripts?: readonly string[]; children?: Child }) => (
  <>
    {raw("<!doctype html>")}
    <html lang="en" {...(props.theme && { "data-theme": props.theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{props.title} · wavegate</title>
        <link rel="stylesheet" href={assetPath("console.css")} />
        <link rel="icon" href={ICON} />
        {["console", ...(props.scripts ?? [])].map((name) => (
          <script type="module" src={assetPath(`${name}.js`)}></script>
        ))}
      </head>
      <body>{props.children}</body>
    </html>
  </>
);

const ICON =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#3b46c9" stroke-width="2.4" ' +
      'stroke-linecap="round"><path d="M3 4v16M21 4v16M6.5 13c2-4 3.6-4 5.5-1s3.5 3 5.5-1"/></svg>',
  );

/** A wave between two posts. */
export const Logo = () => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2.4"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <path d="M3 4v16M21 4v16M6.5 13c2-4 3.6-4 5.5-1s3.5 3 5.5-1" />
  </svg>
);
