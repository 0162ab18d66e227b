import { changePassword } from "../../domain/accounts/change-password.ts";
import { minutes } from "../../domain/login/failure-budgets.ts";
import { changePasswordPage, type PasswordProps } from "../../pages/account/password.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext } from "../context.ts";
import { readCookie } from "../cookies.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { doneAt, noticeOf } from "./done.ts";

const PATH = "/account/password";

export const passwordPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "signed-in",
    handle: (c, scene) => c.html(page(c, scene)),
  },
  {
    method: "POST",
    path: PATH,
    who: "signed-in",
    async handle(c, scene) {
      const { deps, visitor, form } = scene;
      const changed = await changePassword(deps, visitor, {
        current: form.text("current") ?? "",
        wanted: form.text("password") ?? "",
        address: addressKey(c.get("address")),
        cookie: readCookie(c, deps.config, "session"),
      });
      switch (changed.outcome) {
        case "refused": {
          const { current, wanted } = changed.problems;
          return c.html(page(c, scene, { current, password: wanted }), 422);
        }
        case "blocked":
          c.header("retry-after", String(changed.seconds));
          return c.html(page(c, scene, { form: tooMany(changed.seconds) }), 429);
        case "changed":
          return c.redirect(
            doneAt(PATH, changed.unavailableRegions.length === 0 ? "password" : "password-partly"),
            303,
          );
      }
    },
  },
];

const page = (c: HttpContext, { visitor, hidden }: Scene, problems?: PasswordProps["problems"]) =>
  changePasswordPage({
    visitor,
    notice: noticeOf(c),
    form: { action: PATH, hidden },
    email: visitor.email,
    forgotHref: "/login/forgot-password",
    problems,
  });

const tooMany = (seconds: number) =>
  `Too many wrong passwords, here or at sign-in. Try again in ${minutes(seconds)}, or choose a new one by e-mail.`;
