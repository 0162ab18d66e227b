import { type Form, formOf } from "../forms.ts";
import { type Content, type Html, html, named, safeHref } from "../html.ts";
import { layout } from "../layout.ts";

export interface HomeProps {
  /** Absent: nobody is signed in. */
  email?: string | undefined;
  signOutForm?: Form | undefined;
  accountHref?: string | undefined;
  /** Outside production only. */
  demo?: { appHref: string; outboxHref: string } | undefined;
}

/** The door itself, for whoever types the bare address. */
export function homePage({ email, signOutForm, accountHref, demo }: HomeProps): string {
  return layout(
    { title: email ? "You are signed in" : "Welcome" },
    html`${
      email
        ? html`<h1>You are signed in</h1><p>You are signed in as <b>${named(email)}</b>. Apps that log you in here will not ask for your password again.</p>${accountHref && html`<a class="primary" href="${safeHref(accountHref)}">Your account</a>`}${signOutForm && signOutButton(signOutForm)}`
        : html`<h1>Welcome</h1><p>This is where you sign in to your apps. Open the app you want to use, and it brings you here.</p>`
    }
${demo && tryIt(demo)}`,
  );
}

const signOutButton = (form: Form): Html =>
  formOf(form, html`<button class="secondary" type="submit">Sign out</button>`);

const tryIt = ({ appHref, outboxHref }: { appHref: string; outboxHref: string }): Content => html`<h2>Try it</h2>
<ul class="links">
<li><a href="${safeHref(appHref)}">Log in to the demo app</a><span class="muted">With a user of the demo company: see the console, or demo.json.</span></li>
<li><a href="${safeHref(outboxHref)}">Read the mails</a><span class="muted">Outside production they are kept here and not sent.</span></li>
</ul>`;
