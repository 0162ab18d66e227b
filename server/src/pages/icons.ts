import { html } from "./html.ts";

// Drawn here, in the colour of the text around them: no request, no font. Each stands beside words that say the same.

export const keyholeIcon = html`<svg class="icon mark" viewBox="0 0 24 24" aria-hidden="true"><rect x="2" y="2" width="20" height="20" rx="6" fill="currentColor"/><path class="hole" d="M12 6.5a3.4 3.4 0 0 0-1.5 6.45L9.6 17.5h4.8l-.9-4.55A3.4 3.4 0 0 0 12 6.5Z"/></svg>`;

export const tickIcon = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.5 4.6 4.6L19 7.5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const crossIcon = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m7 7 10 10M17 7 7 17" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg>`;

export const sealIcon = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m12 2 2.6 2.1 3.3-.4 1 3.2 2.9 1.7-1 3.2 1 3.2-2.9 1.7-1 3.2-3.3-.4L12 22l-2.6-2.5-3.3.4-1-3.2L2.2 15l1-3.2-1-3.2 2.9-1.7 1-3.2 3.3.4Z" fill="currentColor"/><path class="hole" d="m8 12 2.8 2.8L16 9.5" fill="none" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const alertIcon = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2"/><path d="M12 7.5v5.5M12 16.2v.3" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg>`;

export const arrowIcon = html`<svg class="icon arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="m9.5 6 6 6-6 6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const eyeIcon = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/><circle cx="12" cy="12" r="2.8" fill="none" stroke="currentColor" stroke-width="1.8"/><path class="slash" d="m4 4 16 16" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg>`;
