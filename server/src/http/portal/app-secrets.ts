import type { AppSecret } from "../../domain/apps/registry.ts";
import { addAppSecret, deleteAppSecret, isInUse, rotateAppSecret } from "../../domain/apps/secrets.ts";
import { actorName } from "../../domain/audit.ts";
import { isRefused } from "../../domain/refused.ts";
import { STALE_ACTION } from "../../pages/portal/app-frame.ts";
import type { HttpContext } from "../context.ts";
import { appHref, secretsSeen } from "./app-scene.ts";
import { problemsIn } from "./credentials.ts";
import { credentials } from "./credentials-page.ts";
import { type Done, doneAt } from "./done.ts";
import { keepOnce } from "./once.ts";
import type { AppScene, PageRoute } from "./page-route.ts";

const BASE = "/portal/apps/:client/credentials/secrets";
const OVERLAPS: readonly (string | undefined)[] = ["0", "3600", "86400", "604800"];
const NAME_MAX = 200;

/** Secrets are added and ended one by one, by people who saw the list as it is. */
export const secretPages: readonly PageRoute[] = [
  {
    method: "POST",
    path: BASE,
    who: "app",
    action: "app.secrets",
    async handle(c, scene) {
      if (isStale(scene)) return stale(c, scene);
      const name = [...(scene.form.text("secretName") ?? "").trim()].slice(0, NAME_MAX).join("");
      const draft = { name, expiresAt: null };
      return show(c, scene, await addAppSecret(scene.deps, scene.app, draft, actorName(scene.visitor)), "secret");
    },
  },
  {
    method: "POST",
    path: `${BASE}/:secret/rotate`,
    who: "app",
    action: "app.secrets",
    async handle(c, scene) {
      const { deps, app, visitor, form } = scene;
      const [old, overlap] = [secretOf(c, scene), form.text("overlap")];
      if (!old) return gone(c, scene);
      if (isStale(scene)) return stale(c, scene);
      if (!OVERLAPS.includes(overlap))
        return c.html(credentials(c, scene, { problems: { form: "Say when the old secret is to end." } }), 422);
      return show(c, scene, await rotateAppSecret(deps, app, old, Number(overlap), actorName(visitor)), "rotated");
    },
  },
  {
    method: "POST",
    path: `${BASE}/:secret/revoke`,
    who: "app",
    action: "app.secrets",
    async handle(c, scene) {
      const { deps, app, visitor } = scene;
      const secret = secretOf(c, scene);
      if (!secret) return gone(c, scene);
      if (isStale(scene)) return stale(c, scene);
      const problems = unsure(scene, secret);
      if (problems) return c.html(credentials(c, scene, { problems }), 422);
      await deleteAppSecret(deps, app, secret, actorName(visitor));
      return gone(c, scene);
    },
  },
];

function show(
  c: HttpContext,
  scene: AppScene,
  made: Awaited<ReturnType<typeof addAppSecret>>,
  done: Done,
): Response | Promise<Response> {
  if (isRefused(made)) return c.html(credentials(c, scene, { problems: problemsIn(made) }), 422);
  keepOnce(c, scene.deps, `${scene.visitor.accountId} ${scene.app.clientId}`, made.clientSecret);
  return c.redirect(doneAt(appHref(scene, "/credentials"), done), 303);
}

/** A secret that is in use takes something down with it, so its end wants more than a tick. */
function unsure({ deps, app, form }: AppScene, secret: AppSecret): Readonly<Record<string, string>> | undefined {
  if (!isInUse(secret, deps.now()))
    return form.text("sure") === "yes"
      ? undefined
      : { [`sure.${secret.secretId}`]: "Confirm that the secret is to be revoked." };
  const field = `typed.${secret.secretId}`;
  const typed = (form.text(field) ?? "").trim();
  return typed === app.name.trim() ? undefined : { [field]: "That is not the app’s name." };
}

/** The page was shown before somebody else added, replaced or revoked a secret. */
const isStale = (scene: AppScene): boolean => scene.form.text("secrets") !== secretsSeen(scene);

const stale = (c: HttpContext, scene: AppScene) =>
  c.html(credentials(c, scene, { problems: { form: STALE_ACTION } }), 409);

const secretOf = (c: HttpContext, { app }: AppScene) =>
  app.secrets.find(({ secretId }) => secretId === c.req.param("secret"));

const gone = (c: HttpContext, scene: AppScene): Response =>
  c.redirect(doneAt(appHref(scene, "/credentials"), "revoked"), 303);
