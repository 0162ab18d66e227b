import { loginPath, newPkce, type Scene } from "./scene.ts";
import { type Page, requirePage, Visitor } from "./visitor.ts";
import type { TestApp, TestUser } from "./world.ts";

export interface EveryPageOptions {
  house: Scene["house"];
  /** Not trusted: it asks for consent. */
  app: TestApp;
  /** Public, of a private scheme: its login ends at a page of ours. */
  nativeApp: TestApp;
  suspendedApp: TestApp;
  /** Belongs to two installations, so that there is something to choose. */
  user: TestUser;
  /** Goes wherever a request may carry a text: hint, state, unknown ids and addresses. */
  text?: string;
}

/** Every page that the login has, by name, as somebody without JavaScript gets to see it. Turns the clock by a day. */
export async function everyPage(options: EveryPageOptions): Promise<Map<string, Page>> {
  const { house, app, nativeApp, suspendedApp, user, text = "text" } = options;
  const pages = new Map<string, Page>();
  const visitor = new Visitor(house, { headers: { accept: "text/html" } });
  const keep = (name: string, page: Page) => {
    pages.set(name, page);
    return page;
  };
  const go = async (name: string, path: string, who = visitor) => keep(name, requirePage(await who.go(path)));
  const submit = async (name: string, page: Page, fill: Record<string, string>, button?: string) =>
    keep(name, requirePage(await visitor.submit(page, fill, button)));

  const sent = { login_hint: text, state: text, ui_locales: text, installation: text };
  const choice = `${user.installation.region}-${user.installation.id}`;
  await go("home of a stranger", "/");
  const signIn = await go("sign in", loginPath(app, sent));
  await submit("sign in, fields missing", signIn, { email: "", password: "" });
  await submit("sign in, wrong", signIn, { email: text, password: "wrong" });
  const chooser = await submit("choose", signIn, { email: user.email, password: user.password });
  const consent = await submit("consent", chooser, {}, choice);
  await go("pick an account", loginPath(app, { ...sent, prompt: "select_account" }));
  const native = { ...sent, ...newPkce().parameters };
  const ask = await go("choose for a native app", loginPath(nativeApp, native));
  const nativeConsent = await submit("consent for a native app", ask, {}, choice);
  await submit("open the app, refused", nativeConsent, {}, "deny");
  await submit("open the app", nativeConsent, {}, "allow");
  await go("confirm", loginPath(nativeApp, { ...native, installation: choice }));
  await go("home", "/");

  await go("no client", loginPath(app, { client_id: undefined }));
  await go("unknown client", loginPath(app, { client_id: text }));
  await go("suspended app", loginPath(suspendedApp, sent));
  await go("no redirect URI", loginPath(app, { redirect_uri: undefined }));
  await go("foreign redirect URI", loginPath(app, { redirect_uri: text }));
  await go("endless state", loginPath(app, { state: text.repeat(2_048) }));
  await go("repeated", `${loginPath(app)}&state=1&state=2`);
  await go("broken request", "/login/continue?request=x");
  await go("not found", `/${encodeURIComponent(text)}`);
  keep("wrong method", requirePage(await visitor.post("/logged-out", {})));
  keep("foreign form", requirePage(await visitor.post("/logout", {}, { origin: "https://evil.example" })));
  keep("unreadable", requirePage(await visitor.go("/login/continue?request=%ff")));

  const forgot = await go("forgot password", `/login/forgot-password?email=${encodeURIComponent(text)}`);
  await submit("forgot password, wrong", forgot, { email: text });
  await submit("forgot password, sent", forgot, { email: "nobody@example.com" });
  await go("dead link", `/login/link/${encodeURIComponent(text)}`);
  await go("password saved", "/login/password-saved");

  house.passSeconds(86_400);
  keep("expired", requirePage(await visitor.submit(consent, {}, "allow")));
  keep("signed out", requirePage(await visitor.post("/logout", {})));
  return pages;
}
