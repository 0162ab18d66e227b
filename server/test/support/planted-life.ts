import assert from "node:assert/strict";
import type { OutboxMail } from "../../src/domain/mail/outbox.ts";
import { createFormFiller } from "./form-filler.ts";
import type { Door } from "./house.ts";
import { linkIn } from "./mailbox.ts";
import { exchange, exchangeOf, isActive, loginPath, postForm } from "./scene.ts";
import { requireLeft, requirePage, Visitor } from "./visitor.ts";
import { signIn, type TestApp, worldOf } from "./world.ts";

/** A word that is in everything personal of one region, and the addresses its people come from. */
export interface Planting {
  region: string;
  mark: string;
  from: string;
  address6: string;
}

export const PLANTINGS: readonly [Planting, Planting] = [
  { region: "US", mark: "amplantmark", from: "203.0.113.177", address6: "2001:db8:7a57:1::177" },
  { region: "EU", mark: "euplantmark", from: "198.51.100.99", address6: "2001:db8:7a57:2::99" },
];

const PASSWORD = "seven tidy giraffes";

/**
 * The life of one region, with whatever people, apps and operators put in: installations, companies, users, invitations,
 * sessions, failures, forgotten passwords, tokens, and each kind of request that is refused.
 */
export async function live(
  door: Door,
  planting: Planting,
  mailTo: (email: string) => Promise<OutboxMail>,
): Promise<{ email: string; installationId: number }> {
  const { region, mark, from } = planting;
  const world = worldOf(door);
  const place = await world.addInstallation(region, {
    name: `${mark} place`,
    url: `https://${mark}.example.com/`,
    loginStartText: `${mark} start`,
    logo: `https://${mark}.example.com/logo.png`,
    company: { name: `${mark} company`, logo: `https://${mark}.example.com/company.png` },
  });
  const email = `${mark}.user@${mark}.example`;
  const names = { firstName: `${mark}first`, lastName: `${mark}last` };
  const avatar = `https://${mark}.example/face.png`;
  const user = await world.addUser(place, { email, password: PASSWORD, ...names, avatar });
  const guest = await world.addUser(place, { email: `${mark}.guest@${mark}.example`, password: undefined, ...names });
  const gone = await world.addUser(place, { email: `${mark}.gone@${mark}.example`, password: PASSWORD, ...names });
  await operate(door, planting, { place: place.id, user: user.id, gone: gone.id, email });

  const app = await world.registerApp({ tokens: "expiring" });
  const visitor = new Visitor(door, {
    from,
    headers: { "user-agent": `${mark}-agent/1.0`, referer: `https://${mark}.example/` },
  });
  await logIn(door, visitor, app, planting, email);
  await develop(door, planting, { email, password: PASSWORD });
  await forget(door, planting, email, mailTo);

  const forms = createFormFiller(door, { from: planting.address6, headers: { "user-agent": `${mark}-phone/1.0` } });
  const choose = await forms.submit(await forms.open(linkIn(await mailTo(guest.email))));
  assert.match((await forms.submit(choose, { password: PASSWORD })).html, /saved/);
  return { email, installationId: place.id };
}

/** What operators do right and wrong. */
async function operate(
  door: Door,
  { region, mark }: Planting,
  { place, user, gone, email }: { place: number; user: number; gone: number; email: string },
) {
  const users = `/regions/${region}/installations/${place}/users`;
  await door.admin("PATCH", `/regions/${region}/installations/${place}`, { name: `${mark} renamed` });
  await door.admin("PATCH", `${users}/${user}`, { lastName: `${mark}married`, company: { name: `${mark} second` } });
  await door.admin("DELETE", `${users}/${gone}`);
  for (const [body, status] of [
    [{ email, firstName: mark, lastName: mark, password: mark }, 409],
    [{ email: `${mark} at example`, firstName: mark, lastName: mark }, 422],
    [{ email, firstName: mark, lastName: mark, passwordHash: mark }, 422],
    [{ email, firstName: mark, [mark]: mark }, 422],
  ] as const)
    assert.ok([400, status].includes((await door.admin("POST", users, body)).status));
  await door.admin("GET", `${users}?after=${mark}`);
  await door.admin("GET", `${users}?email=${email}`);
  await door.admin("GET", `/${mark}/${email}`);
  await door.admin("POST", users, `not JSON, but ${mark}`);
  await door.fetch(`/admin/v1/${mark}`, { headers: { authorization: `Bearer ${mark}` } });
}

/** A login with everything that can be typed wrong, and what the app does after it. */
async function logIn(door: Door, visitor: Visitor, app: TestApp, { mark, from }: Planting, email: string) {
  const path = loginPath(app, { state: `${mark}-state`, login_hint: email, scope: "openid email projects" });
  const page = requirePage(await visitor.go(path));
  await visitor.submit(page, { email: `${mark}.stranger@${mark}.example`, password: `${mark} wrong` });
  await visitor.submit(page, { email, password: `${mark} wrong` });
  await visitor.go(`/launchpad/login?client_id=${mark}&redirect_uri=https://${mark}.example/&login_hint=${email}`);
  const consent = requirePage(await visitor.submit(page, { email, password: PASSWORD }));
  const code = requireLeft(await visitor.submit(consent, {}, "allow")).answer.get("code") ?? "";
  await exchange(door, exchangeOf(app, `${mark}-code`), { from });
  await exchange(door, exchangeOf(app, code, { redirect_uri: `https://${mark}.example/` }), { from });
  await exchange(door, exchangeOf(app, code, { client_secret: mark }), { from });
  const { body } = await exchange(door, exchangeOf(app, code), { from });
  assert.equal(await isActive(door, body.access_token), true);
  await isActive(door, `${mark}${body.access_token}`);
  await exchange(door, exchangeOf(app, "", { grant_type: "refresh_token", refresh_token: body.refresh_token }), {
    from,
  });
  await postForm(door, "/oauth2/revoke", { token: mark, client_id: mark, client_secret: mark }, { from });
  await postForm(door, "/oauth2/introspect", { token: email }, { from, headers: { authorization: `Basic ${mark}` } });
  await door.fetch(`/${mark}/${encodeURIComponent(email)}?${mark}=${email}`, { from });
  await door.fetch(`/${mark}%`, { from, headers: { "x-request-id": `${mark}-request`, cookie: `latchkey=${mark}` } });
}

/** A team with its publisher, and what an operator writes about its app, whose own name is published anyway. */
async function develop(door: Door, { region, mark, from }: Planting, user: { email: string; password: string }) {
  const visitor = new Visitor(door, { from });
  const open = async (path: string) => requirePage(await visitor.go(path));
  const made = requirePage(await visitor.submit(requirePage(await signIn(visitor, "/portal", user)), { name: mark }));
  const team = new URL(made.url).pathname;
  await visitor.submit(await open(`${team}/publisher`), {
    publisherName: `${mark} publisher`,
    privacyUrl: `https://${mark}.example/privacy`,
    publisherEmail: `${mark}.press@${mark}.example`,
  });
  const app = new URL(
    requirePage(await visitor.submit(await open(`${team}/new-app`), { name: `Of ${region}`, platform: "web" })).url,
  ).pathname.replace("/credentials", "");
  await visitor.submit(await open(`${app}/credentials`), { redirectUri: "https://app.example.com/callback" });
  await visitor.submit(await open(`${app}/branding`), { description: "Plans." });
  await visitor.send(await open(`${app}/review`), `${app}/review/submit`);
  const decision = { decision: "request_changes", comment: `${mark} comment` };
  const clientId = app.split("/").at(-1);
  assert.equal((await door.admin("POST", `/apps/${clientId}/reviews`, decision)).status, 201);
  assert.match((await open(`${app}/review`)).html, new RegExp(`${mark} comment`));
}

async function forget(
  door: Door,
  { mark, from }: Planting,
  email: string,
  mailTo: (email: string) => Promise<OutboxMail>,
) {
  const forms = createFormFiller(door, { from, headers: { "user-agent": `${mark}-tablet/1.0` } });
  for (const typed of [`${mark}.nobody@${mark}.example`, `${mark} no e-mail`, email])
    await forms.submit(await forms.open("/login/forgot-password"), { email: typed });
  const choose = await forms.submit(await forms.open(linkIn(await mailTo(email))));
  await forms.submit(choose, { password: mark }); // too short
  assert.match((await forms.submit(choose, { password: "seven more giraffes" })).html, /saved/);
}
