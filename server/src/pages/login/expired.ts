import { type AppCard, appStrip } from "../app-card.ts";
import { type Form, formOf, submitButton } from "../forms.ts";
import { html } from "../html.ts";
import { layout } from "../layout.ts";

export interface ExpiredProps {
  app?: AppCard | undefined;
  /** Rebuilds the request from what the page carried. */
  form: Form;
  method: "get" | "post";
  /** Of a page that answers a form; see `layout`. */
  address?: string | undefined;
}

export function expiredPage({ app, form, method, address }: ExpiredProps): string {
  return layout(
    { title: "This sign-in expired", problem: true, address },
    html`${app && appStrip(app)}
<h1>This sign-in expired</h1>
<p>The page was open for too long, or was finished in another tab. Nothing is lost: one click begins it anew.</p>
${formOf(form, submitButton("Start again"), method)}`,
  );
}
