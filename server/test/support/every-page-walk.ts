import type { Page } from "playwright-core";
import type { EveryPageOptions } from "./every-page.ts";
import { openMailbox } from "./mailbox.ts";
import { press, signIn } from "./person.ts";
import { loginPath, newPkce } from "./scene.ts";

export type Installed = Required<EveryPageOptions>;

/**
 * Leads a browser to every page that a login can show, one by one, and calls `look` on each with its name and the tab it is in. Turns the
 * clock by a day.
 */
export async function walkEveryPage(page: Page, world: Installed, look: Look): Promise<void> {
  await walkLogin(page, world, look);
  await walkNativeLogin(page, world, look);
  await walkPasswordReset(page, world, look);
  await walkErrors(page, world, look);
}

type Look = (name: string, page: Page) => Promise<void>;
type Walk = (page: Page, world: Installed, look: Look) => Promise<void>;

const at = ({ house }: Installed, path: string) => house.config.url + path;
const wrong = (text: string) => ({ email: `${text.replace(/[^a-z]+/gi, "")}@example.com`, password: "wrong" });

const walkLogin: Walk = async (page, world, look) => {
  const { app, user, text } = world;
  await page.goto(at(world, "/"));
  await look("home", page);
  await page.goto(at(world, loginPath(app, { state: text, login_hint: text, ui_locales: text })));
  await look("sign-in", page);
  await signIn(page, wrong(text));
  await page.getByRole("alert").waitFor();
  await look("sign-in-wrong", page);
  await signIn(page, user);
  await page.getByText("Signed in as").waitFor();
  await look("chooser", page);
  await press(page, /Blume/);
  await page.getByRole("button", { name: "Don’t allow" }).waitFor();
  await look("consent", page);
  await page.goto(at(world, loginPath(app, { state: text, prompt: "select_account" })));
  await look("account-picker", page);
  await page.goto(at(world, "/"));
  await look("home-signed-in", page);
};

const walkNativeLogin: Walk = async (page, world, look) => {
  const { nativeApp, user, text } = world;
  const { region, id } = user.installation;
  const login = at(
    world,
    loginPath(nativeApp, { ...newPkce().parameters, state: text, installation: `${region}-${id}` }),
  );
  const answer = async (button: string, name: string) => {
    // In a tab of its own: Chromium asks whether to open the program, and until that is answered the tab takes no input.
    const tab = await page.context().newPage();
    await tab.goto(login);
    await press(tab, button);
    await tab.locator("[data-open]").waitFor();
    await look(name, tab);
    await tab.close();
  };
  await answer("Don’t allow", "open-app-refused");
  await answer("Allow", "open-app");
  await page.goto(login);
  await look("confirm", page);
};

const walkPasswordReset: Walk = async (page, world, look) => {
  const { house, app, user, text } = world;
  await page.goto(at(world, loginPath(app, { state: text, prompt: "login" })));
  await press(page, "Forgot your password?");
  await look("forgot-password", page);
  await page.getByLabel("E-mail").fill(user.email);
  await press(page, "Send the link");
  await page.getByText("Check your mail").waitFor();
  await look("forgot-password-sent", page);
  await openMailbox(house).settled();
  await page.goto(at(world, "/dev/outbox"));
  await look("outbox", page);
  await page.locator("main").getByRole("link").first().click();
  await page.getByText("All mails").waitFor();
  await look("mail", page);
  await page.getByRole("link", { name: /\/login\/link\// }).click();
  await page.getByRole("button", { name: "Choose a new password" }).waitFor();
  await look("link", page);
  const link = page.url();
  await press(page, "Choose a new password");
  await page.getByLabel("New password", { exact: true }).waitFor();
  await look("new-password", page);
  await page.getByLabel("New password", { exact: true }).fill("password1234");
  await press(page, "Save the password");
  await page.getByRole("alert").waitFor();
  await look("new-password-refused", page);
  await page.getByLabel("New password", { exact: true }).fill("eight muddy zebras");
  await press(page, "Save the password");
  await page.getByRole("heading", { name: "Your password is saved" }).waitFor();
  await look("password-saved", page);
  await page.goto(link);
  await look("link-dead", page);
};

const walkErrors: Walk = async (page, world, look) => {
  const { house, app, suspendedApp, text } = world;
  const pages: Record<string, string> = {
    "unknown-client": loginPath(app, { client_id: text }),
    "suspended-app": loginPath(suspendedApp),
    "foreign-redirect-uri": loginPath(app, { redirect_uri: text }),
    "endless-state": loginPath(app, { state: text + "x".repeat(2_048) }),
    "repeated-parameter": `${loginPath(app)}&state=1&state=2`,
    "changed-request": "/login/continue?request=x",
    "not-found": `/${encodeURIComponent(text)}`,
    "signed-out": "/logged-out",
  };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(at(world, path));
    await look(name, page);
  }
  await page.goto(at(world, loginPath(app, { state: text, login_hint: text })));
  house.passSeconds(86_400);
  await press(page, "Cancel");
  await page.getByRole("button", { name: "Start again" }).waitFor();
  await look("expired", page);
};
