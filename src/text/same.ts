import type { Entry } from './entry.js';

/** The same keys as in English; each a text, or one for each kind of count where the language tells some apart. */
export type Same<English> = { readonly [Key in keyof English]: Entry };
