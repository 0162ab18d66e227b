import { type Content, html, safeHref, withoutBidiControls } from "../html.ts";

/** A mail ready to be sent, in both of its forms. */
export interface MailContent {
  /** One line. */
  subject: string;
  text: string;
  /** Whole and by itself: mail programs load no stylesheet and strip most of what is not on the element. */
  html: string;
}

export interface MailParts {
  subject: string;
  /** What is said, a paragraph each, before the button. */
  before: readonly string[];
  button?: { href: string; label: string };
  /** To be typed somewhere: large, and alone on its line. */
  code?: string;
  /** And after it. */
  after: readonly string[];
}

/**
 * Names somebody chose may stand in all parts: the subject loses its line breaks, the HTML is escaped.
 *
 * @throws {Error} if the button's address is not https, or http on a loopback host: it is ours, so that is a bug.
 */
export function mailOf({ subject, before, code, button, after }: MailParts): MailContent {
  const href = button && safeHref(button.href);
  if (button && (href === undefined || href.startsWith("/"))) throw new Error("A mail needs a whole, safe address.");
  const line = (text: string) => withoutBidiControls(text).replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  const [first, last] = [before.map(line), after.map(line)];
  return {
    subject: line(subject),
    text: `${[...first, ...(code === undefined ? [] : [line(code)]), ...(href === undefined ? [] : [href]), ...last].join("\n\n")}\n`,
    html: document(line(subject), [
      first.map(paragraph),
      code !== undefined &&
        html`<p style="margin:24px 0;font:600 32px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px">${code}</p>`,
      button &&
        href !== undefined &&
        html`<p style="margin:24px 0"><a href="${href}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6b5b;color:#ffffff;font-weight:600;text-decoration:none">${button.label}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#5a5f69">Or open this address: <br><a href="${href}" style="color:#0b6b5b;word-break:break-all">${href}</a></p>`,
      last.map(paragraph),
    ]),
  };
}

const paragraph = (text: string): Content => html`<p style="margin:0 0 16px">${text}</p>`;

const document = (subject: string, body: Content): string =>
  String(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${subject}</title></head>
<body style="margin:0;padding:24px 12px;background:#f6f5f2;color:#17191e;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:32px;border:1px solid #e4e2dc;border-radius:16px;background:#ffffff">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${subject}</h1>
${body}
</div>
<p style="max-width:480px;margin:16px auto;font-size:13px;color:#5a5f69;text-align:center">Latchkey</p>
</body>
</html>
`);
